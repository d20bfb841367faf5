#!/usr/bin/env bash
# declared.sh MERGE FILE: write what a merge commit changes of numbers.yaml, compared with its first parent, as Markdown.
set -euo pipefail
merge=$1 file=$2
folder=$(mktemp -d)

git show "$merge:numbers.yaml" >"$folder/numbers.yaml"
# Not there before: an empty file declares nothing.
git show "$merge^1:numbers.yaml" >"$folder/base.yaml" 2>/dev/null || true
cd "$folder"
vapi-sms declared numbers.yaml --base base.yaml --markdown >"$file"

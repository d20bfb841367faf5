package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// project is what Pulumi.yaml and the files beside it say of how its program is run.
type project struct {
	folder  string
	options toolchain.PythonOptions
	tools   toolchain.Toolchain
}

// projectOf reads the options of the runtime; where they name no environment it is the one given, and a lock of uv's or
// poetry's chooses the toolchain where none is named.
func projectOf(info *pulumirpc.ProgramInfo, environment string) (project, error) {
	found := project{folder: info.GetProgramDirectory()}
	found.options.Virtualenv = environment
	found.options.Root, found.options.ProgramDir = info.GetRootDirectory(), found.folder
	for _, option := range []string{"virtualenv", "toolchain", "typechecker"} {
		given, isGiven := info.GetOptions().AsMap()[option]
		if !isGiven {
			continue
		}
		text, isText := given.(string)
		if !isText {
			return found, fmt.Errorf("the option %s is to be a text", option)
		}
		if !found.set(option, text) {
			return found, fmt.Errorf("no such %s: %s", option, text)
		}
	}
	tools, err := toolchain.ResolveToolchain(found.options)
	found.tools = tools
	return found, err
}

// set takes one option; false where it is none of those there are.
func (found *project) set(option, text string) bool {
	switch option + ":" + text {
	case "toolchain:pip":
		found.options.Toolchain = toolchain.Pip
	case "toolchain:poetry":
		found.options.Toolchain = toolchain.Poetry
	case "toolchain:uv":
		found.options.Toolchain = toolchain.Uv
	case "typechecker:mypy":
		found.options.Typechecker = toolchain.TypeCheckerMypy
	case "typechecker:pyright":
		found.options.Typechecker = toolchain.TypeCheckerPyright
	case "virtualenv:" + text:
		found.options.Virtualenv = text
	default:
		return false
	}
	return true
}

// typecheck runs the type checker that the project asks for; a program with mistakes is not run.
func (found project) typecheck(ctx context.Context) error {
	arguments := []string{"-m"}
	name := ""
	switch found.options.Typechecker {
	case toolchain.TypeCheckerMypy:
		name = "mypy"
		environment, err := found.tools.VirtualEnvPath(ctx)
		if err != nil {
			return err
		}
		excluded, err := filepath.Rel(found.folder, environment)
		if err != nil {
			return fmt.Errorf("mypy needs the option virtualenv, whose folder it leaves out: %w", err)
		}
		arguments = append(arguments, name, "--exclude", excluded, found.folder)
	case toolchain.TypeCheckerPyright:
		name = "pyright"
		arguments = append(arguments, name, found.folder)
	default:
		return nil
	}
	installed, err := found.tools.ListPackages(ctx, true)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(installed, func(each plugin.DependencyInfo) bool { return each.Name == name }) {
		return fmt.Errorf("the option typechecker is %s, which is not installed beside the program", name)
	}
	checker, err := found.tools.Command(ctx, arguments...)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	checker.Dir = found.folder
	checker.Stdout, checker.Stderr = io.MultiWriter(os.Stdout, &said), io.MultiWriter(os.Stderr, &said)
	if err := checker.Run(); err != nil {
		return fmt.Errorf("%s failed: %w\n%s", name, err, said.String())
	}
	return nil
}

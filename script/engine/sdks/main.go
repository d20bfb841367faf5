// Sdks writes the native provider's SDKs for TypeScript and Go, as `pulumi package gen-sdk` does where the hosts of
// those languages are: Pulumi's own generators, which are part of its packages.
//
//	sdks SCHEMA FOLDER
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("write: sdks SCHEMA FOLDER"))
	}
	text, err := os.ReadFile(os.Args[1])
	check(err)
	for language, generate := range map[string]func(*schema.Package) (map[string][]byte, error){
		"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
			return nodejs.GeneratePackage("vapi-sms", pkg, nil, nil, false, nil)
		},
		"go": func(pkg *schema.Package) (map[string][]byte, error) {
			return gogen.GeneratePackage("vapi-sms", pkg, nil)
		},
	} {
		var spec schema.PackageSpec
		check(json.Unmarshal(text, &spec))
		// Each generator keeps what it finds out in the package, so each gets its own.
		pkg, err := schema.ImportSpec(spec, map[string]schema.Language{"nodejs": nodejs.Importer, "go": gogen.Importer}, alone{}, schema.ValidationOptions{})
		check(err)
		pkg.SupportPack = true // as the command does: an SDK in a folder of its own is a module
		files, err := generate(pkg)
		check(err)
		for name, content := range files {
			path := filepath.Join(os.Args[2], language, name)
			check(os.MkdirAll(filepath.Dir(path), 0o755))
			check(os.WriteFile(path, content, 0o644))
		}
	}
}

// alone loads no other package: ours refers to none.
type alone struct{}

func (alone) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to package %s", name)
}

func (alone) LoadPackageV2(_ context.Context, descriptor *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to package %s", descriptor.Name)
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "sdks:", err)
	os.Exit(1)
}

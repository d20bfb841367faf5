package main

import (
	"context"
	"path"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// unplayed says in one line what we leave to the official host.
func unplayed(what string) string {
	return "this stand-in for Pulumi's Python language host " + what + ": install Pulumi itself for that"
}

// sayWhatIsUnplayed puts our own words to methods that we do not answer; the engine goes on by the code.
func sayWhatIsUnplayed(
	ctx context.Context, request any, info *grpc.UnaryServerInfo, answer grpc.UnaryHandler,
) (any, error) {
	response, err := answer(ctx, request)
	if status.Code(err) == codes.Unimplemented {
		return nil, status.Error(codes.Unimplemented, unplayed("does not play "+path.Base(info.FullMethod)))
	}
	return response, err
}

// InstallDependencies installs nothing: which environment there is stays in the hands of who made it.
func (host *Host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	needy := request.GetInfo().GetProgramDirectory()
	hint := "nothing installed: use pip, uv or poetry for what " + needy + " needs\n"
	return server.Send(&pulumirpc.InstallDependenciesResponse{Stdout: []byte(hint)})
}

// GetRequiredPackages finds none: the engine asks for a plugin when a resource needs it.
func (host *Host) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	_, err := projectOf(request.GetInfo(), "")
	return &pulumirpc.GetRequiredPackagesResponse{}, err
}

// GetProgramDependencies lists what is installed.
func (host *Host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	found, err := projectOf(request.GetInfo(), "")
	if err != nil {
		return nil, err
	}
	installed, err := found.tools.ListPackages(ctx, request.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	answer := &pulumirpc.GetProgramDependenciesResponse{}
	for _, each := range installed {
		answer.Dependencies = append(answer.Dependencies, &pulumirpc.DependencyInfo{Name: each.Name, Version: each.Version})
	}
	return answer, nil
}

// About tells of the interpreter.
func (host *Host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	found, err := projectOf(request.GetInfo(), "")
	if err != nil {
		return nil, err
	}
	told, err := found.tools.About(ctx)
	return &pulumirpc.AboutResponse{
		Executable: told.PythonExecutable,
		Version:    told.PythonVersion.String(),
		Metadata: map[string]string{
			"toolchain":        toolchain.Name(found.options.Toolchain),
			"toolchainVersion": told.ToolchainVersion.String(),
		},
	}, err
}

// GetPluginInfo tells our version, which is the engine's.
func (host *Host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// As the official host has it: a plugin brings an environment of its own.
const environmentOfPlugins = "venv"

// RunPlugin runs a provider from its source, until it or the engine ends. Policy packs are refused.
func (host *Host) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if request.GetKind() != string(apitype.ResourcePlugin) {
		return status.Error(codes.Unimplemented, unplayed("runs no policy packs"))
	}
	if request.GetAttachDebugger() {
		return status.Error(codes.Unimplemented, unplayed("attaches no debugger"))
	}
	command, err := host.provider(request, server)
	if err != nil {
		return err
	}
	streams, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	command.Stdout, command.Stderr = stdout, stderr
	var exit *exec.ExitError
	err = command.Run()
	switch closed := streams.Close(); {
	case errors.As(err, &exit):
		return server.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	case err != nil:
		return fmt.Errorf("the provider could not be run: %w", err)
	default:
		return closed
	}
}

// provider gives the process of a provider, which is killed once the engine wants no more of it.
func (host *Host) provider(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) (*exec.Cmd, error) {
	found, err := projectOf(request.GetInfo(), environmentOfPlugins)
	if err != nil {
		return nil, err
	}
	if err := found.tools.ValidateVenv(server.Context()); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(found.folder, "__main__.py")); err != nil {
		return nil, fmt.Errorf("cannot run the provider: %w", err)
	}
	command, err := found.tools.Command(server.Context(), append([]string{found.folder}, request.GetArgs()...)...)
	if err != nil {
		return nil, err
	}
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(command.Env, request.GetEnv()...)
	command.Dir = request.GetPwd()
	return command, nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

const (
	// The executor ends with it once it has said all there is to say.
	saidAlready = 32
	// What an interrupted program has to end by itself.
	grace = 5 * time.Second
)

// Run runs a program to its end. What it prints goes to the engine by our own output.
func (host *Host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if request.GetAttachDebugger() {
		return &pulumirpc.RunResponse{Error: unplayed("attaches no debugger")}, nil
	}
	project, err := projectOf(request.GetInfo(), "")
	if err != nil {
		return nil, err
	}
	if err := project.tools.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	if err := project.typecheck(ctx); err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(host.ctx)
	defer context.AfterFunc(ctx, stop)()
	defer stop()
	program, err := host.program(running, project.tools, request)
	if err != nil {
		return nil, err
	}
	return ended(program.Run()), nil
}

// program gives the process that runs a program; cancelled, it is interrupted as by ^C.
func (host *Host) program(
	ctx context.Context, tools toolchain.Toolchain, request *pulumirpc.RunRequest,
) (*exec.Cmd, error) {
	command, err := tools.Command(ctx, append([]string{host.executor}, host.arguments(request)...)...)
	if err != nil {
		return nil, err
	}
	config, err := settings(request)
	if err != nil {
		return nil, err
	}
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(command.Env, config...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = grace
	return command, nil
}

// arguments gives what the executor wants to know; nothing is said of what is empty.
func (host *Host) arguments(request *pulumirpc.RunRequest) []string {
	var given []string
	for _, each := range [][2]string{
		{"monitor", request.GetMonitorAddress()},
		{"engine", host.engine},
		{"project", request.GetProject()},
		{"root_directory", request.GetInfo().GetRootDirectory()},
		{"stack", request.GetStack()},
		{"pwd", request.GetPwd()},
		{"dry_run", strconv.FormatBool(request.GetDryRun())},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
		{"tracing", host.tracing},
		{"organization", request.GetOrganization()},
	} {
		if each[1] != "" {
			given = append(given, "--"+each[0], each[1])
		}
	}
	return append(append(given, request.GetInfo().GetEntryPoint()), request.GetArgs()...)
}

// settings gives the stack's configuration as the SDK reads it, from the environment.
func settings(request *pulumirpc.RunRequest) ([]string, error) {
	secrets := request.GetConfigSecretKeys()
	if secrets == nil {
		secrets = []string{}
	}
	names, err := json.Marshal(secrets)
	if err != nil {
		return nil, err
	}
	given := []string{"PULUMI_CONFIG_SECRET_KEYS=" + string(names)}
	if request.GetConfig() == nil {
		return given, nil
	}
	values, err := json.Marshal(request.GetConfig())
	return append(given, "PULUMI_CONFIG="+string(values)), err
}

// ended tells the engine how a program ended.
func ended(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program could not be run: %v", err)}
	case exit.ExitCode() == saidAlready:
		return &pulumirpc.RunResponse{Bail: true}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited with non-zero exit code: %d", exit.ExitCode())}
	}
}

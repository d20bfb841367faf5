// A stand-in for Pulumi's Python language host, for machines that reach the Go module proxy only: the official one is
// no released module, but what it stands on is. Programs are run by the executor, in the environments that the
// toolchains find, both of which are the SDK's own; so a program cannot tell the two hosts apart. What is left out is
// refused in one line (see unplayed).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// The official host looks every five minutes whether its engine still lives.
const lookAtEngine = time.Second

// Host answers the engine for the Python programs of one run.
type Host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	executor string
	engine   string
	tracing  string
	ctx      context.Context // done once the engine wants no program any more
	cancel   context.CancelFunc
}

func main() {
	tracing := flag.String("tracing", "", "where the program sends its traces")
	flag.String("root", "", "not used; SDKs of before say it, among them that of the YAML host")
	flag.Parse()
	if err := serve(flag.Arg(0), *tracing); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-python:", err)
		os.Exit(1)
	}
}

// serve answers until the engine interrupts us or dies.
func serve(engine, tracing string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	executor := filepath.Join(filepath.Dir(self), "pulumi-language-python-exec")
	if _, err := os.Stat(executor); err != nil {
		return fmt.Errorf("cannot run programs: %w", err)
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithCancel(context.Background())
	host := &Host{executor: executor, engine: engine, tracing: tracing, ctx: ctx, cancel: cancel}
	if engine != "" {
		gone := func() { cancel(); stop() }
		if err := rpcutil.Healthcheck(interrupted, engine, lookAtEngine, gone); err != nil {
			return err
		}
	}
	ending := make(chan bool)
	go func() {
		<-interrupted.Done()
		stop() // a second interrupt ends us at once
		close(ending)
	}()
	serving, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel:  ending,
		Options: []grpc.ServerOption{grpc.UnaryInterceptor(sayWhatIsUnplayed)},
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(serving.Port) // this is how a plugin tells where it listens
	return <-serving.Done
}

// Handshake takes the engine's address from an engine that did not start us.
func (host *Host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	host.engine = request.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// Cancel interrupts the program that runs.
func (host *Host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	host.cancel()
	return &emptypb.Empty{}, nil
}

// A service in Go that Cardea routes to. Standard library only: registering takes three HTTP calls.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const (
	service   = "inventory"
	lease     = "2s"
	heartbeat = 500 * time.Millisecond
)

var client = &http.Client{Timeout: 2 * time.Second}

// call makes one HTTP call and decodes the answer into result when that is not nil.
func call(ctx context.Context, method, url string, body, result any) (int, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, url, content)
	if err != nil {
		return 0, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if result != nil && answer.StatusCode < 300 {
		err = json.NewDecoder(answer.Body).Decode(result)
	}
	return answer.StatusCode, err
}

// registration keeps one lease alive until its context ends.
type registration struct {
	collection string
	id         string
	port       int
}

func (r registration) register(ctx context.Context) (bool, error) {
	status, err := call(ctx, http.MethodPost, r.collection, map[string]any{
		"id": r.id, "host": "127.0.0.1", "port": r.port, "ttl": lease,
		"metadata": map[string]string{"language": "go"},
	}, nil)
	return status == http.StatusCreated, err
}

// run registers, renews, and registers anew when the registry was down or has forgotten the lease.
func (r registration) run(ctx context.Context) {
	registered, told := false, ""
	for {
		var err error
		if registered {
			var status int
			status, err = call(ctx, http.MethodPut, r.collection+"/"+r.id+"/renew", nil, nil)
			registered = err != nil || status == http.StatusOK
		}
		if !registered && err == nil {
			registered, err = r.register(ctx)
		}
		state := "registered"
		if err != nil {
			state = fmt.Sprintf("registry not reachable, trying again: %v", err)
		} else if !registered {
			state = "refused by the registry"
		}
		if ctx.Err() == nil && state != told {
			say("%s", state)
			told = state
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(heartbeat):
		}
	}
}

func (r registration) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if _, err := call(ctx, http.MethodDelete, r.collection+"/"+r.id, nil, nil); err != nil {
		say("registry not reachable; the lease will run out")
		return
	}
	say("deregistered")
}

type environment struct {
	PropertySources []struct {
		Source map[string]any `json:"source"`
	} `json:"propertySources"`
}

// readProperty asks the config server. Property sources come strongest first.
func readProperty(config, name, fallback string) string {
	var found environment
	if _, err := call(context.Background(), http.MethodGet, config+"/"+service+"/default", nil, &found); err != nil {
		return fallback
	}
	for _, source := range found.PropertySources {
		if value, ok := source.Source[name]; ok {
			return fmt.Sprint(value)
		}
	}
	return fallback
}

func routes(warehouse string) http.Handler {
	stock := map[string]int{"hinge": 120, "door": 7}
	answer := func(w http.ResponseWriter, status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/inventory"), "/")
		if path == "health" {
			answer(w, http.StatusOK, map[string]string{"status": "UP"})
		} else if path == "" {
			answer(w, http.StatusOK, map[string]any{"warehouse": warehouse, "stock": stock})
		} else if count, ok := stock[path]; ok {
			answer(w, http.StatusOK, map[string]any{"item": path, "count": count})
		} else {
			answer(w, http.StatusNotFound, map[string]string{"error": "no such item"})
		}
	})
}

func say(format string, arguments ...any) {
	fmt.Printf(service+": "+format+"\n", arguments...)
}

func fromEnvironment(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	port := flag.String("port", fromEnvironment("PORT", "0"), "0 picks a free one")
	registry := flag.String("registry", fromEnvironment("REGISTRY_URL", "http://127.0.0.1:8761"), "URL of the registry")
	config := flag.String("config", fromEnvironment("CONFIG_URL", "http://127.0.0.1:8888"), "URL of the config server")
	flag.Parse()

	listener, err := net.Listen("tcp", "127.0.0.1:"+*port)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", service, err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	warehouse := readProperty(*config, "inventory.warehouse", "main")
	taken := listener.Addr().(*net.TCPAddr).Port
	say("listening on http://127.0.0.1:%d, inventory.warehouse is %s", taken, warehouse)
	lease := registration{
		collection: *registry + "/api/v1/services/" + service + "/instances",
		id:         fmt.Sprintf("%s-go-%d", service, taken),
		port:       taken,
	}
	server := &http.Server{Handler: routes(warehouse)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	lease.run(ctx)

	// Leave the registry first, so that nobody is sent here any more when the socket closes.
	lease.leave()
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = server.Shutdown(grace)
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", service, err)
		os.Exit(1)
	}
}

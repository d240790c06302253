package civo_test

import (
	"testing"
	"time"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// The benchmarks report what an operation costs: the number of requests and connections, and the time beyond the minimum that the
// server imposes. They need few iterations: go test -bench . -benchtime 3x.

const latency = 20 * time.Millisecond

// report reports the cost of an iteration. The floor is the minimum time that it can take; 0: unknown.
func report(b *testing.B, server *civosim.Server, floor time.Duration) {
	b.Helper()
	b.ReportMetric(float64(server.Count())/float64(b.N), "requests/op")
	b.ReportMetric(float64(server.Connections()), "connections")
	if floor > 0 {
		b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/floor.Seconds(), "×floor")
	}
}

// startDefault starts a simulator and a client with the default timing.
func startDefault(b *testing.B, o civosim.Options) (*civosim.Server, *civo.Client) {
	b.Helper()
	return start(b, o, civo.Timing{})
}

func BenchmarkConfigure(b *testing.B) {
	server, _ := startDefault(b, civosim.Options{})
	for b.Loop() {
		connect(b, server.URL(), server.Token(), civo.Timing{})
	}
	report(b, server, 0)
	if n := server.Count(); n != 0 {
		b.Errorf("configuring made %d requests", n)
	}
}

func BenchmarkReadOne(b *testing.B) {
	server, _ := startDefault(b, civosim.Options{Latency: latency})
	there := add(server, 250)[200]
	for b.Loop() {
		b.StopTimer()
		client := connect(b, server.URL(), server.Token(), civo.Timing{}) // which has not read anything yet
		b.StartTimer()
		if _, err := client.Credentials("LON1").Get(b.Context(), there.ID); err != nil {
			b.Fatal(err)
		}
	}
	report(b, server, latency)
	if n := server.Count(); n != b.N {
		b.Errorf("%d reads made %d requests", b.N, n)
	}
}

func BenchmarkCreateUntilReady(b *testing.B) {
	const ready = time.Second
	server, client := startDefault(b, civosim.Options{Latency: latency, ReadyAfter: ready})
	for b.Loop() {
		want := wanted(civo.NewAccessKeyID())
		made, err := client.CreateCredential(b.Context(), want)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := client.Credentials(made.Region).WaitReady(b.Context(), made); err != nil {
			b.Fatal(err)
		}
	}
	report(b, server, latency+ready+latency) // the POST, the making, and the GET that sees it
}

func BenchmarkDelete(b *testing.B) {
	server, client := startDefault(b, civosim.Options{Latency: latency})
	for b.Loop() {
		there := seen(server.AddCredential(civosim.Credential{}))
		if err := client.DeleteCredential(b.Context(), there); err != nil {
			b.Fatal(err)
		}
	}
	report(b, server, 2*latency) // the DELETE, and the GET that it is gone
}

func BenchmarkList10000(b *testing.B) {
	const perPage = 100
	server, _ := startDefault(b, civosim.Options{Latency: latency})
	there := add(server, 10_000)
	for b.Loop() {
		b.StopTimer()
		client := connect(b, server.URL(), server.Token(), civo.Timing{}) // so that no list is there already
		b.StartTimer()
		all, err := client.Credentials("LON1").All(b.Context())
		if err != nil || len(all) != len(there) {
			b.Fatalf("%d of %d: %v", len(all), len(there), err)
		}
	}
	report(b, server, time.Duration(len(there)/perPage)*latency)
}

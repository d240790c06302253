// CPU time and memory of the provider processes, as Linux reports them.

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// processWatch follows the CPU time and the memory of the processes that run a binary, as Linux reports them. On other systems it
// sees nothing.
type processWatch struct {
	exe    string
	ended  chan struct{}
	result chan struct{}
	cpu    map[string]time.Duration // by process, the latest
	memory int64                    // the largest peak of a process, in bytes
}

func watchProcesses(exe string) *processWatch {
	w := &processWatch{exe: exe, ended: make(chan struct{}), result: make(chan struct{}), cpu: map[string]time.Duration{}}
	go w.follow()
	return w
}

// stop ends the watch and returns the CPU time of all processes and the largest peak of their memory.
func (w *processWatch) stop() (cpu time.Duration, memory int64) {
	close(w.ended)
	<-w.result
	for _, used := range w.cpu {
		cpu += used
	}
	return cpu, w.memory
}

func (w *processWatch) follow() {
	defer close(w.result)
	for {
		select {
		case <-w.ended:
			return
		case <-time.After(5 * time.Millisecond):
			w.look()
		}
	}
}

func (w *processWatch) look() {
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is valid
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == w.exe {
			process := filepath.Dir(link)
			w.cpu[process] = max(w.cpu[process], cpuOf(process))
			w.memory = max(w.memory, peakOf(process))
		}
	}
}

// clockTick is the unit of CPU times in /proc.
const clockTick = 10 * time.Millisecond

// cpuOf returns the user and system time of a process; 0 if it has ended.
func cpuOf(process string) time.Duration {
	stat, _ := os.ReadFile(filepath.Join(process, "stat")) //nolint:gosec // below /proc
	_, numbers, _ := strings.Cut(string(stat), ") ")       // what precedes is the name of the program
	fields := strings.Fields(numbers)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick
}

// peakOf returns the largest resident memory of a process so far, in bytes; 0 if it has ended.
func peakOf(process string) int64 {
	status, _ := os.ReadFile(filepath.Join(process, "status")) //nolint:gosec // below /proc
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kibibytes, _ := strconv.ParseInt(fields[1], 10, 64)
			return kibibytes << 10
		}
	}
	return 0
}

// How much memory the provider takes, as the kernel tells.

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// memoryWatch follows the memory of the processes that run a binary, while it goes on. Where there is no /proc, it sees
// nothing.
type memoryWatch struct {
	exe      string
	done     chan struct{}
	finished chan int64 // the most bytes that one of them had resident
}

func watchMemory(exe string) *memoryWatch {
	w := &memoryWatch{exe: exe, done: make(chan struct{}), finished: make(chan int64)}
	go w.follow()
	return w
}

// stop ends the watch and gives the peak.
func (w *memoryWatch) stop() string {
	close(w.done)
	if peak := <-w.finished; peak > 0 {
		return mebibytes(peak)
	}
	return "unknown"
}

func (w *memoryWatch) follow() {
	var peak int64
	for {
		select {
		case <-w.done:
			w.finished <- peak
			return
		case <-time.After(20 * time.Millisecond):
			for _, process := range w.processes() {
				peak = max(peak, peakOf(process))
			}
		}
	}
}

func (w *memoryWatch) processes() []string {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	var running []string
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == w.exe {
			running = append(running, filepath.Dir(link))
		}
	}
	return running
}

// peakOf reads the most memory that a process has had resident, in bytes, as Linux keeps it.
func peakOf(process string) int64 {
	status, err := os.ReadFile(filepath.Join(process, "status")) //nolint:gosec // below /proc
	if err != nil {
		return 0 // it has just ended
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kibibytes, _ := strconv.ParseInt(fields[1], 10, 64)
			return kibibytes << 10
		}
	}
	return 0
}

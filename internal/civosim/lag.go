// New objects that reads do not find yet.

package civosim

import (
	"slices"
	"time"
)

// lag is when reads find a new object.
type lag struct{ listedAt, readableAt time.Time }

func (l lag) listed() time.Time { return l.listedAt }

// newLag returns the lag of an object that is created now.
func (s *Server) newLag() lag {
	now := s.options.Now()
	return lag{now.Add(s.options.ListedAfter), now.Add(s.options.ReadableAfter)}
}

func (s *Server) isHidden(until time.Time) bool { return s.options.Now().Before(until) }

// listed returns the objects that lists contain.
func listed[V interface{ listed() time.Time }](s *Server, all []V) []V {
	if s.options.ListedAfter <= 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(one V) bool { return s.isHidden(one.listed()) })
}

// nameOf returns the name of a new object that a client has sent.
func (s *Server) nameOf(sent string) string {
	if s.options.Rename == nil {
		return sent
	}
	return s.options.Rename(sent)
}

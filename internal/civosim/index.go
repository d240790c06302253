// Indexes over the objects, and random keys and IDs.

package civosim

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
)

// index finds objects by one of their properties. It can hold several for one key, in the order in which they were added:
// names and access keys are unique in the API, but not necessarily in tests.
type index[K, V comparable] map[K][]V

func (x index[K, V]) add(key K, value V) { x[key] = append(x[key], value) }

func (x index[K, V]) remove(key K, value V) {
	values := x[key]
	i := slices.Index(values, value)
	if i < 0 {
		return
	}
	if len(values) == 1 {
		delete(x, key)
		return
	}
	x[key] = slices.Delete(values, i, i+1)
}

// first returns the oldest value of the key, or the zero value.
func (x index[K, V]) first(key K) (value V) {
	if values := x[key]; len(values) > 0 {
		value = values[0]
	}
	return value
}

// regional is a name or an access key. Both are unique only within a region.
type regional struct{ region, value string }

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
)

// random generates keys and tokens. The first letters of the alphabet are slightly more frequent than the others, which is
// acceptable for keys that protect nothing.
func random(n int, alphabet string) string {
	text := make([]byte, n)
	_, _ = rand.Read(text) // never fails
	for i, b := range text {
		text[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(text)
}

// newID returns a random UUID, version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

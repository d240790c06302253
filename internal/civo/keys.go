// Generated keys.

package civo

import "crypto/rand"

// NewAccessKeyID returns a random access key ID. Like those that Civo generates, it has 20 characters of A–Z and 0–9. It has 100
// bits.
func NewAccessKeyID() string { return rand.Text()[:20] }

// NewSecretAccessKey returns a random secret access key. Like those that Civo generates, it has 40 letters and digits. It has 200
// bits.
func NewSecretAccessKey() Secret { return NewSecret((rand.Text() + rand.Text())[:40]) }

// Generated keys.

package civo

import (
	"crypto/rand"
	"math/big"
)

// The form of the keys that Civo makes: the project's own look the same.
const (
	accessKeyIDLength     = 20
	secretAccessKeyLength = 40
	accessKeyIDAlphabet   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	secretAlphabet        = accessKeyIDAlphabet + "abcdefghijklmnopqrstuvwxyz"
)

// NewAccessKeyID makes a random access key ID: 20 of A–Z and 0–9, about 103 bits.
func NewAccessKeyID() string { return randomString(accessKeyIDAlphabet, accessKeyIDLength) }

// NewSecretAccessKey makes a random secret access key: 40 of A–Z, a–z and 0–9, about 238 bits.
func NewSecretAccessKey() Secret {
	return NewSecret(randomString(secretAlphabet, secretAccessKeyLength))
}

func randomString(alphabet string, length int) string {
	size := big.NewInt(int64(len(alphabet)))
	chosen := make([]byte, length)
	for i := range chosen {
		// The system's random source never fails: crypto/rand ends the program instead.
		n, err := rand.Int(rand.Reader, size)
		if err != nil {
			panic("reading random bytes: " + err.Error())
		}
		chosen[i] = alphabet[n.Int64()]
	}
	return string(chosen)
}

// What a usable response is.

package civo

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
)

var (
	errNotSuccess   = errors.New(`the response does not contain the result "success"`)
	errDuplicateKey = errors.New("a field occurs more than once in the response")
)

// decodeUsable decodes a response in which Civo accepts a request. The deletion and the adoption of records depend on responses, so this
// function accepts only those that have one meaning: status 200 (or, for a write, 201 or 202), and no field twice. responseError has
// rejected those with a result other than "success". Other successful statuses mean that a proxy changed the response, or that it is a part.
func decodeUsable[T any](req apiCall, resp response) (none T, err error) {
	accepted := []int{http.StatusOK}
	if req.isWrite() {
		accepted = append(accepted, http.StatusCreated, http.StatusAccepted)
	}
	if !slices.Contains(accepted, resp.status) {
		return none, decodeError(req, resp.status, "the provider does not accept a response with this status")
	}
	var decoded T
	if err := json.Unmarshal(resp.body, &decoded); err != nil {
		return none, decodeError(req, resp.status, decodeProblem(err))
	}
	if err := checkFields(json.NewDecoder(bytes.NewReader(resp.body))); err != nil {
		return none, decodeError(req, resp.status, err.Error())
	}
	return decoded, nil
}

// checkFields returns an error if an object in valid JSON contains a field twice. As in the decoder, the case of a name does not matter.
func checkFields(decoder *json.Decoder) error {
	start, err := decoder.Token()
	if err != nil || start != json.Delim('{') && start != json.Delim('[') {
		return err
	}
	seen := map[string]bool{}
	for decoder.More() {
		if start == json.Delim('{') {
			name, err := decoder.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string) // the name of a field is always a string
			folded := strings.Map(foldRune, text)
			if seen[folded] {
				return errDuplicateKey
			}
			seen[folded] = true
		}
		if err := checkFields(decoder); err != nil {
			return err
		}
	}
	_, err = decoder.Token() // the end
	return err
}

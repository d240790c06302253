// What Civo's error codes mean. A code decides before the status, because Civo sends refusals with any status.

package civo

import (
	"cmp"
	"net/http"
	"path"
	"strings"
)

// meanings maps error codes to kinds. In a pattern, * matches any text. The first row that matches decides. assumptions.go contains the
// codes. Sources: the errors of Civo's Go SDK (G), public issues with raw responses (I), other public clients (O).
var meanings = []struct {
	code string // or the result, in a response without a code
	kind Kind
}{
	{codeNoAccount, KindUnauthorized},    // with 404 or 401 (G, O)
	{resultNoToken, KindUnauthorized},    // (G)
	{codesLocked, KindBusy},              // (G)
	{codesInProgress, KindBusy},          // (I)
	{codesQuota, KindQuota},              // (G, I)
	{codesQuotaReached, KindQuota},       // (I)
	{codesQuotaExceeded, KindQuota},      // (I)
	{codeNoRegion, KindUnknownRegion},    // (I)
	{codeNoFeature, KindNoObjectStorage}, // (I)
	{codesDuplicate, KindNameTaken},      // (G, I)
	{codesDuplicateAfter, KindNameTaken}, // (G, I)
	{codesExists, KindNameTaken},         // (G, I)
	{codesInUse, KindRefused},            // (I)
	{codesInUseSpelled, KindRefused},     // likewise
	{codesDeletionFailed, KindRefused},   // (I)
	{codesParameter, KindRefused},        // (G, I)
	{codesPermission, KindForbidden},     // (I)
	{codesAccessDenied, KindForbidden},   // (G)
	{resultForbidden, KindForbidden},     // (I)
	{codeNoCredential, kindMissing},      // (O)
	{codeNoObjectStore, kindMissing},     // (O)
}

// kindMissing is KindRefused, because Civo found no such record.
const kindMissing Kind = -2

// meaningOf returns the kind of an error with a code or a result. It reports false if neither is known.
func meaningOf(code, result string) (Kind, bool) {
	text := strings.ToLower(cmp.Or(code, result))
	for _, row := range meanings {
		if matches, _ := path.Match(row.code, text); matches {
			return row.kind, true
		}
	}
	return 0, false
}

// isTakenCode reports whether a code means that a name or an access key ID is taken. The code for credentials is unknown.
func isTakenCode(code string) bool {
	kind, known := meaningOf(code, "")
	return known && kind == KindNameTaken
}

// kindOf returns the kind of a response that is not a success: by its code, and by its status if the code is unknown.
func kindOf(req apiCall, status int, described apiError) Kind {
	kind, known := meaningOf(string(described.Code), string(described.Result))
	switch {
	case !known, kind == kindMissing && req.isList: // a list always exists
		return kindOfStatus(req, status, described)
	case kind == KindNameTaken && req.method != http.MethodPost: // of a credential, a PUT changes only the keys
		return KindRefused
	case req.method == http.MethodPost && req.path == objectStoresPath && strings.EqualFold(string(described.Code), codeNoCredential):
		return KindNoOwner
	}
	return kind
}

func kindOfStatus(req apiCall, status int, described apiError) Kind {
	switch {
	case status < 300: // and a result other than success
		return KindRefused
	case status < 400, status == http.StatusNotFound && req.isList:
		return KindUnexpected
	case status == http.StatusUnauthorized:
		return KindUnauthorized
	case status == http.StatusForbidden:
		return KindForbidden
	case status == http.StatusNotFound:
		return kindMissing
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500 && codeForm.MatchString(string(described.Code)): // not from a proxy
		return KindServerError
	case status >= 500, status == http.StatusRequestTimeout:
		return KindUnavailable
	}
	return KindRefused
}

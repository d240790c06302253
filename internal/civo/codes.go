// What Civo's error codes mean. A code decides before the status, because Civo sends refusals with any status.

package civo

import (
	"cmp"
	"net/http"
	"path"
	"strings"
)

// meanings maps error codes to kinds. In a pattern, * matches any text. The first row that matches decides. Sources: the errors of Civo's
// Go SDK (G), public issues with raw responses (I), other public clients (O), Civo's documentation (D).
var meanings = []struct {
	code string // or the result, in a response without a code
	kind Kind
}{
	{"database_account_not_found", KindUnauthorized},               // an invalid token, with 404 or 401 (G, O)
	{"requires_authentication", KindUnauthorized},                  // a missing token (G)
	{"*_lock_failed", KindBusy},                                    // database_quota_lock_failed, while another operation counts (G)
	{"*_in_progress", KindBusy},                                    // another operation on the record or the account (I)
	{"quota_*", KindQuota},                                         // quota_limit_reached (G, I)
	{"*_quota_*reached", KindQuota},                                // the same of one service (I)
	{"*_quota_*exceeded", KindQuota},                               // the same of one service (I)
	{"database_region_not_found", KindUnknownRegion},               // also for an unavailable region (I)
	{"database_region_feature_not_supported", KindNoObjectStorage}, // (I)
	{"database_duplicate_*", KindNameTaken},                        // database_duplicate_…_name_not_allowed (G, I)
	{"*_duplicate*", KindNameTaken},                                // database_…_duplicate, …_duplicate_name; sshkey_duplicate with 500 (G, I)
	{"*_exists", KindNameTaken},                                    // database_objectstore_exists (G, I)
	{"*_inuse*", KindRefused},                                      // database_firewall_inuse_by_cluster (I)
	{"*_in_use*", KindRefused},                                     // another spelling of the same
	{"*_deleted_failed", KindRefused},                              // database_firewall_deleted_failed, with 500, about one in use (I)
	{"parameter_*", KindRefused},                                   // parameter_name_invalid, with 500 (G, I)
	{"permission_*", KindForbidden},                                // permission_denied (I)
	{"*_access_denied", KindForbidden},                             // database_account_access_denied (G)
	{"forbidden", KindForbidden},                                   // the result of "this feature is not enabled" (I)
	{"database_objectstore_credential_not_found", kindMissing},     // also as the owner of a store to create (O)
	{"database_objectstore_not_found", kindMissing},                // (O)
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

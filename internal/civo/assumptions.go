// What the client assumes about Civo's API without proof. A comment above each group names the unknown in internal/civosim/unknowns.md.
// There is nothing else to change in the client if Civo uses another code, header, or time.

package civo

import "time"

// Unknown: not-found. A 404 with such a code counts as Civo's own.
const (
	codeNoCredential  = "database_objectstore_credential_not_found" // also as the owner of a store to create
	codeNoObjectStore = "database_objectstore_not_found"
)

// Unknown: token. Civo responds to an invalid token with 404, rarely with 401.
const (
	codeNoAccount = "database_account_not_found"
	resultNoToken = "requires_authentication" // a missing token; the result of a response without a code
)

// Unknown: region-errors.
const (
	codeNoRegion  = "database_region_not_found" // also for an unavailable region
	codeNoFeature = "database_region_feature_not_supported"
)

// Unknown: taken. The codes for credentials are patterns from other objects of Civo.
const (
	codesDuplicate      = "database_duplicate_*" // database_duplicate_…_name_not_allowed
	codesDuplicateAfter = "*_duplicate*"         // database_…_duplicate, …_duplicate_name; sshkey_duplicate with 500
	codesExists         = "*_exists"             // database_objectstore_exists
)

// Unknown: credential-in-use. The codes are patterns from other objects of Civo.
const (
	codesInUse          = "*_inuse*"         // database_firewall_inuse_by_cluster
	codesInUseSpelled   = "*_in_use*"        // another spelling of the same
	codesDeletionFailed = "*_deleted_failed" // database_firewall_deleted_failed, with 500, about one in use
)

// Unknown: quota.
const (
	codesQuota         = "quota_*"           // quota_limit_reached
	codesQuotaReached  = "*_quota_*reached"  // the same of one service
	codesQuotaExceeded = "*_quota_*exceeded" // the same of one service
	codesLocked        = "*_lock_failed"     // database_quota_lock_failed, while another operation counts
	codesInProgress    = "*_in_progress"     // another operation on the record or the account
)

// Unknown: forbidden. A user or an account may not do something, or a feature is not enabled.
const (
	codesPermission   = "permission_*"    // permission_denied
	codesAccessDenied = "*_access_denied" // database_account_access_denied
	resultForbidden   = "forbidden"       // "this feature is not enabled"; the result of a response without a code
)

// Unknown: names. Codes for values that Civo rejects, such as parameter_name_invalid with 500.
const codesParameter = "parameter_*"

// Unknown: read-lag. How long a record that Civo has not returned yet must be missing, until it counts as not created.
const assumedLag = 10 * time.Second

// Unknown: owner-generated. How long a new store waits for the access key ID of the owner that Civo creates with it.
const assumedOwnerDelay = 2 * time.Minute

// Unknown: deletion-lag. The status of a record that Civo is deleting begins with this. None has been seen.
const statusDeleting = "delet"

// Unknown: rate-limit. Headers that Civo was seen to send in 2021, with a limit of 50 requests per minute.
const (
	headerReset     = "X-Ratelimit-Reset"     // Unix seconds
	headerRemaining = "X-Ratelimit-Remaining" // requests

	longestWindow = 65 * time.Second // until the limit resets: a minute, and what clocks may differ
	few           = 30               // requests, out of the limit
)

// Unknown: page-cap. Items to ask for on each page; Civo may send fewer.
const perPage = 100

// What the project assumes about Civo's API without proof, and what a recording changes.

package record

import (
	"fmt"
	"strings"
)

// unknown is something that the project assumes. The paths in it are relative to internal/.
type unknown struct {
	id      string
	assumed string   // what the client expects and the simulator does by default
	options []string // fields of civosim.Options that select the alternatives
	// simulator is where the simulator implements the assumption. Change it if no option selects what a recording shows.
	simulator []string
	// client is the code of the provider that exists only because the alternatives are possible, and the constants of the assumption.
	client []string
	tests  []string // that test only the alternatives; after a slash, the section of a file in testdata
	// settledBy are the questions, or QUESTION/FACT, whose answer ends the uncertainty. A fact takes precedence over its question.
	settledBy []string
	settles   string // what a recording settles
	isS3      bool   // the data plane in memory does not do everything that the assumption says; a Ceph gateway does
}

var unknowns = []unknown{
	{
		id:        "region-spelling",
		assumed:   "Civo spells region codes in lower case and accepts them in either case. Records do not contain their region.",
		options:   []string{"StrictRegionCase", "Regions"},
		simulator: []string{"civosim/regions.go: spelling"},
		client:    []string{"civo/regions.go: SameRegion"},
		tests:     []string{"credential: TestRegion_FreeForm", "civosim: TestAPI/StrictRegionCase"},
		settledBy: []string{"region-case", "regions/spelling", "credential-create/create: region"},
		settles:   "Whether the provider must compare region codes case-insensitively and keep the user's spelling.",
	}, {
		id:        "region-errors",
		assumed:   "An unknown or unavailable region results in a 404. A region without object storage results in a 400. Each has its own code.",
		options:   []string{"NoObjectStore"},
		simulator: []string{"civosim/regions.go: availableRegion", "civosim/regions.go: objectStoreRegion"},
		client:    []string{"civo/assumptions.go: codeNoRegion", "civo/assumptions.go: codeNoFeature"},
		tests:     []string{"civo: TestRead_NoProofOfAbsence", "civosim: TestAPI/NoObjectStore"},
		settledBy: []string{"regions", "region-unknown", "region-without-object-storage"},
		settles:   "The codes, and whether such a 404 could be mistaken for the absence of a record.",
	}, {
		id:        "region-missing",
		assumed:   "A request without a region uses the default region of the account.",
		simulator: []string{"civosim/regions.go: objectStoreRegion"},
		client:    []string{"civo/request.go: checkCall"},
		tests:     []string{"civo: TestRegion_Required"},
		settledBy: []string{"region-missing"},
		settles:   "Whether Civo itself rejects a request without a region.",
	}, {
		id:        "token",
		assumed:   "An invalid token results in a 404 with the code of a missing account. A missing token results in a 401.",
		simulator: []string{"civosim/answers.go: errBadToken", "civosim/answers.go: errNoToken"},
		client:    []string{"civo/assumptions.go: codeNoAccount", "civo/assumptions.go: resultNoToken"},
		tests:     []string{"civo: TestRead_Absence", "civo: TestDelete_NeedsProof"},
		settledBy: []string{"token"},
		settles:   "Whether a 404 can mean that the token is invalid.",
	}, {
		id:        "not-json",
		assumed:   "A body that is not a JSON object results in a 400 with a code.",
		simulator: []string{"civosim/answers.go: errBadBody"},
		tests:     []string{"civosim: TestAPI/Refused bodies"},
		settledBy: []string{"not-json"},
		settles:   "The form of errors that are not about a record.",
	}, {
		id:        "not-found",
		assumed:   "A record that does not exist results in a 404 with the code of its type. So does a missing owner of a new object store.",
		simulator: []string{"civosim/credentials.go: errNoCredential", "civosim/objectstores.go: errNoStore", "civosim/answers.go: errNoSuchPage"},
		client:    []string{"civo/assumptions.go: codeNoCredential", "civo/assumptions.go: codeNoObjectStore", "civo/collection.go: confirmMissing"},
		tests:     []string{"civo: TestRead_NoProofOfAbsence", "civo: TestDelete_NeedsProof", "civo: TestCreate_ConflictUnexplained"},
		settledBy: []string{"not-found", "store-unknown-owner"},
		settles:   "Whether a 404 with a code proves that a record does not exist, without a list.",
	}, {
		id:        "rate-limit",
		assumed:   "Civo may limit the requests per minute and report the limit in headers. By default, the simulator has no limit.",
		options:   []string{"RequestsPerMinute", "RateLimit", "RetryAfter"},
		simulator: []string{"civosim/limit.go: writeHeader"},
		client: []string{
			"civo/assumptions.go: headerReset", "civo/assumptions.go: headerRemaining", "civo/assumptions.go: longestWindow",
			"civo/assumptions.go: few", "civo/throttle.go: readLimit", "civo/wait.go: scarcePoll",
		},
		tests:     []string{"civo: TestRateLimit_Headers", "civo: TestRateLimit_Respected", "civosim: TestAPI/RequestsPerMinute"},
		settledBy: []string{"rate-limit"},
		settles:   "The limit, and which headers the client must read.",
	}, {
		id:        "ready",
		assumed:   "A new credential is ready after some seconds and has the status \"creating\" until then. An object store is ready at once.",
		options:   []string{"ReadyAfter", "StoreReadyAfter", "PendingStatus"},
		simulator: []string{"civosim/credentials.go: now", "civosim/objectstores.go: storeNow"},
		client:    []string{"civo/record.go: IsFinal", "civo/wait.go: firstLook"},
		tests:     []string{"civo: TestWaitReady", "civo: TestWait_AnyScale", "civosim: TestAPI/ReadyAfter"},
		settledBy: []string{
			"credential-create/read: ready", "credential-create/create: status", "credential-create/status until ready",
			"credential-create/read: suspended", "store-create/read: ready", "store-create/create: status", "store-create/status until ready",
		},
		settles: "How long a create takes, and which statuses exist.",
	}, {
		id:        "pending-keys",
		assumed:   "A new credential has no keys until it is ready.",
		options:   []string{"ShowPendingKeys", "ReadyAfter"},
		simulator: []string{"civosim/credentials.go: visible"},
		client:    []string{"civo/credentials.go: HidesKeys", "civo/credentials.go: completedBy"},
		tests:     []string{"credential: TestKeys_AppearLate", "credential: TestRead_HiddenAccessKeyID"},
		settledBy: []string{"credential-create/create: has both keys", "credential-create/read: has both keys"},
		settles:   "Whether the keys identify a credential as soon as it exists.",
	}, {
		id:        "read-lag",
		assumed:   "Reads and lists contain a new record at once.",
		options:   []string{"ReadableAfter", "ListedAfter"},
		simulator: []string{"civosim/lag.go: newLag"},
		client:    []string{"civo/assumptions.go: assumedLag", "civo/wait.go: WaitCreated"},
		tests:     []string{"civo: TestCreate_Lag", "civo: TestLaterRun_Lag", "civo: TestCreate_Unusable"},
		settledBy: []string{
			"credential-create/read: readable", "credential-create/list: listed", "store-create/read: readable", "store-create/list: listed",
		},
		settles: "Whether a 404 or a list without a new record can mean \"not yet\".",
	}, {
		id:        "given-keys",
		assumed:   "Civo keeps the keys in a request, and generates missing keys: 20 characters for the ID and 40 for the secret.",
		simulator: []string{"civosim/credentials.go: applyTo", "civosim/credentials.go: fillKeys"},
		client:    []string{"civo/credentials.go: NewAccessKeyID", "civo/credentials.go: NewSecretAccessKey"},
		tests:     []string{"civo: TestKeys_Form", "civosim: TestAPI/Fields of a credential"},
		settledBy: []string{"credential-create", "credential-one-key", "credential-no-key"},
		settles:   "The form of the keys, and whether the provider can leave their generation to Civo.",
	}, {
		id:        "partial-update",
		assumed:   "A PUT without one of the keys, or with null, keeps that key.",
		simulator: []string{"civosim/credentials.go: applyTo"},
		client:    []string{"civo/credentials.go: WithKeys"},
		tests:     []string{"credential: TestSecret_KeptByAccessKeyChange"},
		settledBy: []string{"credential-update-one-key", "credential-update-null"},
		settles:   "Whether a PUT must contain both keys.",
	}, {
		id:        "names",
		assumed:   "A credential can have any name. The name of an object store must be a valid bucket name in a Ceph gateway. Civo does not change names.",
		options:   []string{"Rename"},
		simulator: []string{"civosim/objectstores.go: isBucketName", "civosim/lag.go: nameOf"},
		client:    []string{"civo/assumptions.go: codesParameter", "civo/record.go: sameName", "civo/record.go: spelled", "objectstore/name.go: isLetterOrNumber"},
		tests:     []string{"civo: TestCreate_Unusable", "credential: TestCreate_Name", "credential: TestName_AnythingThatCivoAccepts", "objectstore: TestName_Refused"},
		settledBy: []string{"credential-names", "store-names", "credential-create/create: name", "store-create/create: name"},
		settles:   "Which names a plan can reject, and whether Civo changes the case of names.",
	}, {
		id:        "sizes",
		assumed:   "Sizes are multiples of 500 GB. An object store can shrink. Its size is in max_size.",
		simulator: []string{"civosim/objectstores.go: decodeStoreBody", "civosim/objectstores.go: updateStore"},
		client:    []string{"civo/objectstores.go: UnmarshalJSON"},
		tests:     []string{"civo: TestGet_Answers", "civosim: TestAPI/Fields of an object store"},
		settledBy: []string{"store-resize", "store-create/create: max_size", "store-create/create: max_size_gb", "store-create/create"},
		settles:   "Which sizes the schema can reject, and the name of the field.",
	}, {
		id:        "taken",
		assumed:   "A name or an access key ID that is taken results in a 409 with a code that ends in _exists.",
		options:   []string{"TakenNameCode", "NamesRepeat", "TakenStoreNames"},
		simulator: []string{"civosim/credentials.go: createCredential", "civosim/credentials.go: checkAccessKey", "civosim/objectstores.go: isNameTaken"},
		client: []string{
			"civo/assumptions.go: codesDuplicate", "civo/assumptions.go: codesDuplicateAfter", "civo/assumptions.go: codesExists",
			"civo/codes.go: isTakenCode", "civo/write.go: findConflict",
		},
		tests:     []string{"civo: TestCreate_ConflictUnexplained", "credential: TestCreate_NameTakenCodes", "civosim: TestAPI/TakenNameCode"},
		settledBy: []string{"credential-name-taken", "credential-key-taken", "store-name-taken"},
		settles:   "The codes, and whether names and access key IDs are unique.",
	}, {
		id:        "page-default",
		assumed:   "A page contains 20 items by default.",
		options:   []string{"PageSize"},
		simulator: []string{"civosim/paging.go: newPage"},
		tests:     []string{"civosim: TestAPI/PageSize"},
		settledBy: []string{"page-default"},
		settles:   "How many items the Civo CLI lists. The client always sets the number.",
	}, {
		id:        "page-past-end",
		assumed:   "Civo returns page 1 for a page past the end.",
		options:   []string{"EmptyPagePastEnd"},
		simulator: []string{"civosim/paging.go: newPage"},
		client:    []string{"civo/pages.go: page"},
		tests:     []string{"civo: TestList_PageMoves", "civo: TestList_Pages"},
		settledBy: []string{"page-past-end"},
		settles:   "Whether a list that shrinks while the client reads it ends with page 1.",
	}, {
		id:        "page-cap",
		assumed:   "A page contains as many items as requested.",
		options:   []string{"PageCap"},
		simulator: []string{"civosim/paging.go: newPage"},
		client:    []string{"civo/assumptions.go: perPage"},
		tests:     []string{"civo: TestList_AllPages", "civo: TestList_Pages"},
		settledBy: []string{"page-cap"},
		settles:   "How many requests a list takes.",
	}, {
		id:        "store-endpoint",
		assumed:   "The endpoint in an object store is a host without a scheme.",
		options:   []string{"StoreEndpoint"},
		simulator: []string{"civosim/objectstores.go: storeEndpoint"},
		client:    []string{"civo/endpoints.go: OtherEndpoint"},
		tests:     []string{"civo: TestOtherEndpoint", "objectstore: TestObjectStore_OtherEndpoint"},
		settledBy: []string{"store-endpoint"},
		settles:   "Whether the provider can return the endpoint that Civo returns.",
	}, {
		id:        "store-owner",
		assumed:   "An object store shows the access key ID, the name, and the ID of its owner.",
		options:   []string{"HideOwners", "OmitOwnerCredentialID"},
		simulator: []string{"civosim/objectstores.go: storeForm"},
		client:    []string{"civo/objectstores.go: isOwnedBy", "civo/objectstores.go: compare"},
		tests:     []string{"civo: TestCreateStore_OwnerNotShown", "civo: TestDelete_InUse"},
		settledBy: []string{"store-owner"},
		settles:   "Which field identifies the owner.",
	}, {
		id:        "owner-key",
		assumed:   "An object store shows the new access key ID of its owner at once.",
		options:   []string{"StaleOwnerKeys", "OmitOwnerCredentialID", "HideOwners"},
		simulator: []string{"civosim/credentials.go: updateCredential"},
		client:    []string{"objectstore/resource.go: ModifyPlan"},
		tests:     []string{"objectstore: TestDiagnostics_GoldenFile", "civosim: TestAPI/StaleOwnerKeys"},
		settledBy: []string{"owner-key-changed"},
		settles:   "Whether an object store follows its owner when the access key ID changes in place.",
	}, {
		id:        "owner-generated",
		assumed:   "Civo creates an owner for an object store without one, shows its keys once it is ready, and deletes it with the object store.",
		options:   []string{"ReadyAfter", "ShowPendingKeys", "HideOwners"},
		simulator: []string{"civosim/objectstores.go: newOwner", "civosim/objectstores.go: removeStore"},
		client:    []string{"civo/assumptions.go: assumedOwnerDelay", "civo/objectstores.go: WaitOwner"},
		tests:     []string{"civo: TestWaitOwner", "objectstore: TestObjectStore_OwnerAppearsLate", "civosim: TestAPI/An object store without an owner gets one"},
		settledBy: []string{"owner-generated", "owner-generated-deletion"},
		settles:   "How long a create waits for the keys, and whether a destroy leaves a credential behind.",
	}, {
		id:        "usage",
		assumed:   "The usage includes a new object at once. The unit is kB, rounded up. In memory, unfinished uploads do not count. In Ceph, their parts do.",
		simulator: []string{"civosim/objectstores.go: storeStats", "civosim/s3_account.go: total"},
		client:    []string{"civo/objectstores.go: ObjectStoreUsage"},
		tests:     []string{"civo: TestStoreUsage_Answers", "civosim: TestAPI/Statistics", "objectstore: TestForceDestroy_ProtectsData"},
		isS3:      true,
		settledBy: []string{"store-usage-empty", "store-usage-object", "store-usage-upload"},
		settles:   "How long a destroy can miss an object, and whether it counts unfinished uploads.",
	}, {
		id:        "s3-gateway",
		assumed:   "The object stores are Ceph gateways. They reject checksums in unsigned trailers and support conditional writes.",
		simulator: []string{"civosim/s3.go: authenticate", "civosim/s3_body.go: verifyBody"},
		client:    []string{"s3config/formats.go: AWS_REQUEST_CHECKSUM_CALCULATION"},
		tests:     []string{"civosim: TestS3_CallsInMemory", "civosim: TestS3_CallsOnCeph", "clients: TestClients"},
		isS3:      true,
		settledBy: []string{"s3-server", "s3-conditional-write", "s3-unsigned-trailer"},
		settles:   "Which settings S3 clients need, and whether a Ceph gateway can replace Civo in tests.",
	}, {
		id:        "s3-buckets",
		assumed:   "S3 clients cannot create buckets.",
		options:   []string{"S3CreatesBuckets"},
		simulator: []string{"civosim/s3_account.go: CreateBucket"},
		tests:     []string{"civosim: TestAPI/S3CreatesBuckets", "civosim: TestS3_Races"},
		settledBy: []string{"s3-create-bucket"},
		settles:   "Whether object stores appear that the API did not create.",
	}, {
		id:        "s3-configuration",
		assumed:   "S3 clients can set CORS rules, lifecycle rules, and versioning. Of the data planes, only Ceph supports it.",
		simulator: []string{"civosim/s3_account.go: WithoutVersioning"},
		tests:     []string{"clients: TestHiddenObjects_Advice"},
		isS3:      true,
		settledBy: []string{"s3-cors", "s3-lifecycle", "s3-versioning"},
		settles:   "Whether the guide \"Configure a bucket\" works.",
	}, {
		id:        "secret-rotation",
		assumed:   "From the next request on, the object stores reject an old secret and accept the new one.",
		simulator: []string{"civosim/s3.go: activeCredentials"},
		tests:     []string{"civosim: TestS3_CallsInMemory"},
		settledBy: []string{"secret-rotation"},
		settles:   "How long clients fail after a rotation in place.",
	}, {
		id:        "credential-in-use",
		assumed:   "The deletion of a credential that owns an object store results in a 409.",
		options:   []string{"RefusedDeletionStatus"},
		simulator: []string{"civosim/credentials.go: refuseDeletion"},
		client: []string{
			"civo/assumptions.go: codesInUse", "civo/assumptions.go: codesInUseSpelled", "civo/assumptions.go: codesDeletionFailed",
			"civo/write.go: isRefusedDeletion", "civo/credentials.go: explainRefusal",
		},
		tests:     []string{"civo: TestDelete_InUse", "civo: TestDelete_Answers", "civosim: TestAPI/RefusedDeletionStatus"},
		settledBy: []string{"credential-in-use"},
		settles:   "Which response means that a credential owns an object store.",
	}, {
		id:        "deletion-lag",
		assumed:   "After the response to a deletion, the record no longer exists, and its name is available.",
		options:   []string{"StoreGoneAfter", "CredentialGoneAfter"},
		simulator: []string{"civosim/credentials.go: deleteCredential", "civosim/objectstores.go: beginDeletion"},
		client:    []string{"civo/assumptions.go: statusDeleting", "civo/write.go: waitGone", "civo/credentials.go: waitedFor"},
		tests:     []string{"civo: TestDelete_NeedsProof", "civo: TestDelete_WaitsForStore"},
		settledBy: []string{"store-delete", "credential-delete", "store-name-reuse"},
		settles:   "Whether a deletion must wait, and whether a replacement with the same name can fail.",
	}, {
		id:        "quota",
		assumed:   "A request that exceeds the quota results in a 403 with a code that begins with quota_.",
		options:   []string{"QuotaGB", "QuotaStatus"},
		simulator: []string{"civosim/quota.go: checkQuota"},
		client: []string{
			"civo/assumptions.go: codesQuota", "civo/assumptions.go: codesQuotaReached", "civo/assumptions.go: codesQuotaExceeded",
			"civo/assumptions.go: codesLocked", "civo/assumptions.go: codesInProgress",
		},
		tests:   []string{"objectstore: TestCreate_Quota", "civo: TestBusy", "civo: TestRateLimit_QuotaIsAnother"},
		settles: "No question asks for it, because the answer could be expensive. A run that exceeds the quota of the account records the response.",
	}, {
		id:        "forbidden",
		assumed:   "A missing permission or a disabled feature results in an error whose code or result names the cause.",
		simulator: []string{"civosim/faults.go: Effect403"},
		client:    []string{"civo/assumptions.go: codesPermission", "civo/assumptions.go: codesAccessDenied", "civo/assumptions.go: resultForbidden"},
		tests:     []string{"civo: TestDelete_Answers"},
		settles:   "No question asks for it. A run of a user without permissions records the response.",
	},
}

const pageHeading = `# What is unknown about Civo's API

<!-- Generated from internal/record/unknowns.go. To update it, run: go test ./internal/record -run Unknowns -update -->

Civo does not document everything that the provider depends on. The client handles every interpretation. By default, the simulator follows
these assumptions. The options of the simulator (` + "`civosim.Options`" + `) select the alternatives. A recording of the real API (` + "`make record`" + `)
answers the questions, and ` + "`make compare RECORDING=file`" + ` compares it with the simulator. Each answer makes some code and tests unnecessary.
[CONTRIBUTING.md](../../CONTRIBUTING.md#record-the-real-api) describes how to make, send, and use a recording.

The columns *Client* and *Tests* contain the code and the tests that are necessary only because the alternatives are possible.
Paths are relative to ` + "`internal/`" + `. The constants that the client assumes are in [civo/assumptions.go](../civo/assumptions.go).

| Unknown | Assumed | Options | Simulator | Client | Tests | Questions | A recording settles |
| --- | --- | --- | --- | --- | --- | --- | --- |
`

// page returns the table as Markdown.
func page() string {
	var text strings.Builder
	text.WriteString(pageHeading)
	for _, u := range unknowns {
		cells := []string{
			"`" + u.id + "`", u.assumed, quoted(u.options), quoted(u.simulator), quoted(u.client), quoted(u.tests), quoted(u.settledBy), u.settles,
		}
		fmt.Fprintf(&text, "| %s |\n", strings.Join(cells, " | "))
	}
	text.WriteString("\n## Questions\n\n| Question | Asks |\n| --- | --- |\n")
	for _, q := range questions {
		fmt.Fprintf(&text, "| `%s` | %s |\n", q.id, q.asks)
	}
	return text.String()
}

// quoted returns a cell with code.
func quoted(items []string) string {
	if len(items) == 0 {
		return "none"
	}
	return "`" + strings.Join(items, "`, `") + "`"
}

// The questions, in the order in which they are asked.

package record

import (
	"context"
	"net/http"
)

// question is something about Civo's API that the project does not know.
type question struct {
	id   string
	asks string
	// ask sends the requests. Its error is a skip, or no response.
	ask   func(context.Context, *Session) error
	facts []fact
}

// Labels of the objects that several questions need.
const (
	owner = "owner" // the credential that owns the store
	spare = "spare" // another credential
	store = "store"
)

var questions = []question{
	{
		"regions", "How does Civo spell the region, and which features does it list?", askRegions,
		[]fact{answered("list"), {"spelling", spelling}, {"object_store of the region", featureOf}},
	}, {
		"region-case", "Does Civo accept the region in another letter case?", askRegionCase,
		[]fact{answered("list credentials"), answered("list stores")},
	}, {
		"region-missing", "How does Civo respond to a request without a region?", askRegionMissing,
		[]fact{answered("list credentials"), answered("list stores")},
	}, {
		"region-unknown", "How does Civo respond to an unknown region?", askRegionUnknown,
		[]fact{answered("list credentials"), answered("list stores"), answered("list regions")},
	}, {
		"region-without-object-storage", "How does Civo respond to a request in a region without object storage?", askRegionWithoutStorage,
		[]fact{answered("list credentials"), answered("list stores")},
	}, {
		"token", "How does Civo respond to an invalid token, and to a missing one?", askToken,
		[]fact{answered("wrong: list"), answered("wrong: read"), answered("none: list")},
	}, {
		"not-json", "How does Civo respond to a body that is not JSON?", askNotJSON,
		[]fact{answered("text"), answered("empty"), answered("array")},
	}, {
		"not-found", "How does Civo respond to requests for objects that do not exist?", askNotFound,
		[]fact{
			answered("read credential"), answered("update credential"), answered("delete credential"), answered("credential without UUID"),
			answered("read store"), answered("read usage"), answered("update store"), answered("delete store"), answered("path"),
		},
	}, {
		"rate-limit", "Which headers describe the rate limit?", askRateLimit,
		[]fact{
			header("list", headerLimit), hasHeader("list", headerRemaining), hasHeader("list", headerReset), hasHeader("list", "Ratelimit-Limit"),
		},
	}, {
		"credential-create", "When can a new credential with both keys be read, when is it ready, and when do its keys appear?", askCredential,
		[]fact{
			answered("create"), field("create", "status"), field("create", "name"), field("create", "region"),
			since("create", "has both keys", hasKeys),
			{"status until ready", pendingStatus},
			since("read", "readable", isSuccess), since("list", "listed", lists("{id-owner}")),
			sinceReadable("read", "ready", has("status", "ready")), sinceReadable("read", "has both keys", hasKeys),
			field("read", "access_key_id"), field("read", "secret_access_key_id"), field("read", "suspended"),
		},
	}, {
		"credential-one-key", "How does Civo complete a new credential with one key?", askOneKey,
		[]fact{
			answered("create with access key ID"), field("read with access key ID", "access_key_id"), field("read with access key ID", "secret_access_key_id"),
			answered("create with secret"), field("read with secret", "access_key_id"), field("read with secret", "secret_access_key_id"),
		},
	}, {
		"credential-no-key", "Which keys does Civo generate for a new credential without keys?", askNoKey,
		[]fact{answered("create"), field("read", "access_key_id"), field("read", "secret_access_key_id")},
	}, {
		"credential-names", "Which names can a credential have?", askCredentialNames, nameFacts(),
	}, {
		"credential-name-taken", "How does Civo respond to a new credential with a name that is taken?", askNameTaken,
		[]fact{answered("create")},
	}, {
		"credential-key-taken", "How does Civo respond to an access key ID that is taken?", askKeyTaken,
		[]fact{answered("create"), answered("update")},
	}, {
		"credential-update-one-key", "Does an update with one key change the other key?", askUpdateOneKey,
		[]fact{
			answered("update access key ID"), field("read after access key ID", "access_key_id"), kept("read after access key ID", "secret_access_key_id", "before"),
			answered("update secret"), kept("read after secret", "access_key_id", "read after access key ID"), field("read after secret", "secret_access_key_id"),
		},
	}, {
		"credential-update-null", "What does an update with null change?", askUpdateNull,
		[]fact{answered("update"), field("read", "access_key_id"), kept("read", "secret_access_key_id", "before")},
	}, {
		"page-default", "How many items does a page contain by default?", askPageDefault,
		[]fact{field("list", "per_page")},
	}, {
		"page-past-end", "What does a page past the end contain?", askPagePastEnd,
		[]fact{answered("list"), field("list", "page"), {"items", itemsOf}},
	}, {
		"page-cap", "How many items can a page contain?", askPageCap,
		[]fact{answered("list"), field("list", "per_page")},
	}, {
		"store-create", "When can a new object store be read, and when is it ready?", askStore,
		[]fact{
			answered("create"), field("create", "status"), field("create", "name"), field("create", "max_size"), field("create", "max_size_gb"),
			since("read", "readable", isSuccess), since("list", "listed", lists("{id-store}")),
			sinceReadable("read", "ready", has("status", "ready")),
			{"status until ready", pendingStatus},
		},
	}, {
		"store-endpoint", "What form does the endpoint of an object store have?", askStoreRead,
		[]fact{{"objectstore_endpoint", endpointForm}},
	}, {
		"store-owner", "How does Civo show the owner of an object store?", askStoreRead,
		[]fact{
			field("read", "owner_info", "access_key_id"), field("read", "owner_info", "name"), field("read", "owner_info", "credential_id"),
		},
	}, {
		"store-name-taken", "How does Civo respond to a new object store with a name that is taken?", askStoreNameTaken,
		[]fact{answered("create")},
	}, {
		"store-names", "Which names can an object store have?", askStoreNames, nameFacts(),
	}, {
		"store-unknown-owner", "How does Civo respond to a new object store whose owner does not exist?", askUnknownOwner,
		[]fact{answered("create")},
	}, {
		"store-usage-empty", "What is the usage of an empty object store?", askUsageEmpty,
		[]fact{answered("stats"), field("stats", "num_objects"), field("stats", "size_kb_utilised"), field("stats", "max_size_kb")},
	}, {
		"s3-server", "Which headers do the object stores send?", askS3Server,
		[]fact{answered("list objects"), header("list objects", "Server"), hasHeader("list objects", "X-Amz-Request-Id"), answered("unsigned")},
	}, {
		"store-usage-object", "How does an object change the usage, and when?", askUsageObject,
		[]fact{
			answered("put object"), since("stats", "counted", has("num_objects", "1")),
			field("stats", "num_objects"), field("stats", "size_kb_utilised"),
		},
	}, {
		"store-usage-upload", "Does an unfinished upload count as usage?", askUsageUpload,
		[]fact{answered("put part"), {"stats: num_objects", lastObjects}},
	}, {
		"s3-conditional-write", "Does a conditional write fail for an object that exists?", askConditionalWrite,
		[]fact{answered("first"), answered("second")},
	}, {
		"s3-unsigned-trailer", "Do the object stores accept a checksum in an unsigned trailer?", askUnsignedTrailer,
		[]fact{answered("put")},
	}, {
		"s3-create-bucket", "Can S3 clients create buckets?", askCreateBucket,
		[]fact{answered("create"), answered("create own again")},
	}, {
		"s3-cors", "Can S3 clients set CORS rules?", askCORS,
		[]fact{answered("put"), answered("get")},
	}, {
		"s3-lifecycle", "Can S3 clients set lifecycle rules?", askLifecycle,
		[]fact{answered("put"), answered("get")},
	}, {
		"s3-versioning", "Can S3 clients enable versioning?", askVersioning,
		[]fact{answered("put"), answered("get")},
	}, {
		"store-resize", "Which sizes does Civo accept, and can an object store shrink?", askResize,
		[]fact{answered("grow"), answered("shrink"), field("read after shrink", "max_size"), answered("600 GB"), field("read after 600 GB", "max_size")},
	}, {
		"secret-rotation", "How soon do the object stores reject an old secret and accept the new one?", askRotation,
		[]fact{
			answered("update"), since("old secret", "refused", isStatus(http.StatusForbidden)), answered("old secret"),
			since("new secret", "accepted", isSuccess),
		},
	}, {
		"owner-key-changed", "Which access key ID does an object store show after that of its owner changes?", askOwnerKey,
		[]fact{
			answered("update"), since("read", "new key", has("owner_info.access_key_id", "{key-owner-new}")),
			field("read", "owner_info", "access_key_id"), field("read", "owner_info", "credential_id"),
		},
	}, {
		"owner-generated", "Which owner does Civo create for an object store, and when do its keys appear?", askGeneratedOwner,
		[]fact{
			answered("create"), since("poll", "key", has("owner_info.access_key_id")), field("poll", "owner_info", "name"),
			{"owner is listed", ownerListed("credentials before")},
		},
	}, {
		"owner-generated-deletion", "Does Civo delete a generated owner together with its object store?", askGeneratedOwnerDeletion,
		[]fact{answered("delete"), {"owner is listed", ownerListed("credentials after")}},
	}, {
		"credential-in-use", "How does Civo respond to the deletion of a credential that owns an object store?", askInUse,
		[]fact{answered("delete")},
	}, {
		"store-delete", "Is the deletion of an object store instant?", askStoreDelete,
		[]fact{
			answered("delete"), since("read", "not found", isStatus(http.StatusNotFound)), since("list", "not listed", listsNot("{id-store}")),
			answered("delete again"),
		},
	}, {
		"store-name-reuse", "Can a new object store use the name of a deleted one?", askStoreNameReuse,
		[]fact{answered("create")},
	}, {
		"credential-delete", "Is the deletion of a credential instant?", askCredentialDelete,
		[]fact{
			answered("delete"), since("read", "not found", isStatus(http.StatusNotFound)), since("list", "not listed", listsNot("{id-spare}")),
			answered("delete again"),
		},
	},
}

func nameFacts() []fact {
	return []fact{
		answered("upper case"), field("upper case", "name"), answered("spaces"), field("spaces", "name"),
		answered("64 characters"), field("64 characters", "name"),
	}
}

var hasKeys = condition(func(poll []Exchange) bool { return has("access_key_id")(poll) && has("secret_access_key_id")(poll) })

package record

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civosim"
)

// simulate records a simulator with changed defaults, and reads the recording as a file contains it.
func simulate(t *testing.T, region string, change func(*civosim.Options)) Recording {
	t.Helper()
	options := Defaults()
	change(&options)
	recording, err := Simulate(t.Context(), options, region, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/recording.json"
	if err := recording.Write(path); err != nil {
		t.Fatal(err)
	}
	written, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

var newCredential = []string{"credential-create/create: has both keys", "credential-create/read: has both keys"}

// simulators are simulators with changed defaults, and the facts in which their recordings differ from one with the defaults.
var simulators = map[string]struct {
	change func(*civosim.Options)
	want   []string // question/fact
	option string   // that every line names, unless empty
}{
	"itself":                {func(*civosim.Options) {}, nil, ""},
	"another token":         {func(o *civosim.Options) { o.Token = "another" }, nil, ""},
	"private region":        {func(o *civosim.Options) { o.Regions = []string{"acme-dc", "phx1"} }, nil, ""},
	"regions in upper case": {func(o *civosim.Options) { o.Regions = []string{"LON1", "phx1"} }, []string{"regions/spelling"}, "Regions"},
	"StrictRegionCase": {
		func(o *civosim.Options) { o.StrictRegionCase = true },
		[]string{"region-case/list credentials", "region-case/list stores"},
		"StrictRegionCase",
	},
	"ReadyAfter, longer": {
		func(o *civosim.Options) { o.ReadyAfter = 40 * time.Second },
		[]string{"credential-create/read: has both keys", "credential-create/read: ready", "owner-generated/poll: key"},
		"ReadyAfter",
	},
	"ReadyAfter, at once": {
		func(o *civosim.Options) { o.ReadyAfter = 0 },
		append(slices.Clone(newCredential), "credential-create/create: status", "credential-create/read: ready", "owner-generated/poll: key"), "ReadyAfter",
	},
	"PendingStatus": {
		func(o *civosim.Options) { o.PendingStatus = "pending" },
		[]string{"credential-create/create: status", "credential-create/status until ready"},
		"PendingStatus",
	},
	"no PendingStatus": {
		func(o *civosim.Options) { o.PendingStatus = "-" },
		[]string{"credential-create/create: status", "credential-create/status until ready"},
		"PendingStatus",
	},
	"ShowPendingKeys": {
		func(o *civosim.Options) { o.ShowPendingKeys = true }, append(slices.Clone(newCredential), "owner-generated/poll: key"), "ShowPendingKeys",
	},
	"ListedAfter": {
		func(o *civosim.Options) { o.ListedAfter = 3 * time.Second },
		[]string{"credential-create/list: listed", "store-create/list: listed"},
		"ListedAfter",
	},
	"ReadableAfter": {
		func(o *civosim.Options) { o.ReadableAfter = time.Second },
		[]string{"credential-create/read: readable", "store-create/read: readable"},
		"ReadableAfter",
	},
	"StoreReadyAfter": {
		func(o *civosim.Options) { o.StoreReadyAfter = 30 * time.Second }, []string{"store-create/create: status", "store-create/read: ready"}, "StoreReadyAfter",
	},
	"StoreGoneAfter": {
		func(o *civosim.Options) { o.StoreGoneAfter = 5 * time.Second },
		[]string{"store-delete/list: not listed", "store-delete/read: not found"},
		"StoreGoneAfter",
	},
	"StoreGoneAfter, longer": {
		func(o *civosim.Options) { o.StoreGoneAfter = time.Minute },
		[]string{
			"store-delete/delete again", "store-delete/list: not listed", "store-delete/read: not found", "store-name-reuse/create",
		},
		"StoreGoneAfter",
	},
	"CredentialGoneAfter": {
		func(o *civosim.Options) { o.CredentialGoneAfter = 5 * time.Second },
		[]string{"credential-delete/list: not listed", "credential-delete/read: not found"},
		"CredentialGoneAfter",
	},
	"NamesRepeat": {
		func(o *civosim.Options) { o.NamesRepeat = true },
		[]string{"credential-key-taken/create", "credential-key-taken/update", "credential-name-taken/create"},
		"NamesRepeat",
	},
	"TakenNameCode": {
		func(o *civosim.Options) { o.TakenNameCode = "database_objectstore_credential_duplicate" }, []string{"credential-name-taken/create"}, "TakenNameCode",
	},
	"RefusedDeletionStatus": {
		func(o *civosim.Options) { o.RefusedDeletionStatus = http.StatusInternalServerError }, []string{"credential-in-use/delete"}, "RefusedDeletionStatus",
	},
	"RefusedDeletionStatus 200": {
		func(o *civosim.Options) { o.RefusedDeletionStatus = http.StatusOK }, []string{"credential-in-use/delete"}, "RefusedDeletionStatus",
	},
	"OmitOwnerCredentialID": {
		func(o *civosim.Options) { o.OmitOwnerCredentialID = true },
		[]string{"owner-key-changed/read: owner_info.credential_id", "store-owner/read: owner_info.credential_id"},
		"OmitOwnerCredentialID",
	},
	"HideOwners": {
		func(o *civosim.Options) { o.HideOwners = true },
		[]string{
			"owner-generated/poll: key", "owner-generated/poll: owner_info.name", "owner-key-changed/read: new key",
			"owner-key-changed/read: owner_info.access_key_id", "owner-key-changed/read: owner_info.credential_id",
			"store-owner/read: owner_info.access_key_id", "store-owner/read: owner_info.credential_id", "store-owner/read: owner_info.name",
		},
		"HideOwners",
	},
	"StaleOwnerKeys": {
		func(o *civosim.Options) { o.StaleOwnerKeys = true },
		[]string{
			"owner-key-changed/read: new key", "owner-key-changed/read: owner_info.access_key_id", "owner-key-changed/read: owner_info.credential_id",
		},
		"StaleOwnerKeys",
	},
	"Rename": {
		func(o *civosim.Options) { o.Rename = strings.ToLower }, []string{"credential-names/upper case: name"}, "Rename",
	},
	"StoreEndpoint, a host": {func(o *civosim.Options) { o.StoreEndpoint = "objectstore.{region}.civo.com" }, nil, ""},
	"StoreEndpoint, a URL": {
		func(o *civosim.Options) { o.StoreEndpoint = "https://s3.example.com" }, []string{"store-endpoint/objectstore_endpoint"}, "StoreEndpoint",
	},
	"no StoreEndpoint": {
		func(o *civosim.Options) { o.StoreEndpoint = "-" }, []string{"store-endpoint/objectstore_endpoint"}, "StoreEndpoint",
	},
	"S3CreatesBuckets": {
		func(o *civosim.Options) { o.S3CreatesBuckets = true }, []string{"s3-create-bucket/create", "s3-create-bucket/create own again"}, "S3CreatesBuckets",
	},
	"PageSize": {func(o *civosim.Options) { o.PageSize = 50 }, []string{"page-default/list: per_page"}, "PageSize"},
	"PageCap":  {func(o *civosim.Options) { o.PageCap = 100 }, []string{"page-cap/list: per_page"}, "PageCap"},
	"EmptyPagePastEnd": {
		func(o *civosim.Options) { o.EmptyPagePastEnd = true }, []string{"page-past-end/items", "page-past-end/list: page"}, "EmptyPagePastEnd",
	},
	"RequestsPerMinute": {
		func(o *civosim.Options) { o.RequestsPerMinute = 50 },
		[]string{"rate-limit/list: has X-Ratelimit-Remaining", "rate-limit/list: has X-Ratelimit-Reset", "rate-limit/list: header X-Ratelimit-Limit"},
		"RequestsPerMinute",
	},
	"RateLimit":                        {func(o *civosim.Options) { o.RateLimit, o.RetryAfter = 2, true }, nil, ""},
	"no region without object storage": {func(o *civosim.Options) { o.NoObjectStore = []string{} }, nil, ""},
	"small quota":                      {func(o *civosim.Options) { o.QuotaGB = 500 }, nil, ""},
}

func TestCompare(t *testing.T) {
	t.Parallel()
	defaults := map[string]Recording{}
	for _, region := range []string{"lon1", "acme-dc"} {
		defaults[region] = simulate(t, region, func(*civosim.Options) {})
	}
	for name, test := range simulators {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			region := "lon1"
			if name == "private region" {
				region = "acme-dc"
			}
			differences, _ := Compare(simulate(t, region, test.change), defaults[region])
			var got []string
			for _, d := range differences {
				got = append(got, d.Question+"/"+d.Fact)
				if !strings.Contains(d.String(), test.option) {
					t.Errorf("a line without %s: %s", test.option, d)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(slices.Sorted(slices.Values(test.want)), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
				for _, d := range differences {
					t.Log(d)
				}
			}
		})
	}
}

// What only one recording shows is no difference.
func TestCompare_Unanswered(t *testing.T) {
	t.Parallel()
	recording := simulate(t, "lon1", func(o *civosim.Options) { o.QuotaGB = 500; o.NoObjectStore = []string{} })
	_, unanswered := Compare(recording, recording)
	want := []string{
		"region-without-object-storage: not answered in the recording: every region of the account has object storage",
		"owner-generated: not answered in the recording: an object store without an owner could not be created. The quota may not allow it",
		"owner-generated-deletion: not answered in the recording: the object store without an owner could not be created",
	}
	if diff := cmp.Diff(want, unanswered); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	recording.Answers = nil
	if differences, unanswered := Compare(recording, recording); len(differences) > 0 || len(unanswered) != len(questions) {
		t.Errorf("%d differences, %d questions not answered", len(differences), len(unanswered))
	}
	if _, err := json.Marshal(recording); err != nil {
		t.Error(err)
	}
}

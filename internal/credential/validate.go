// Rules for values that Civo is certain to reject. All other values are sent to Civo.

package credential

import "github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"

var (
	validName = regional.StringRule{
		Summary: "Invalid credential name",
		Rule:    "Use a name without control characters, such as \"backup-writer\".",
		Wrong:   regional.CheckName,
	}
	validAccessKey = regional.StringRule{
		Summary: "Invalid access key ID",
		Rule:    "Use an access key ID without whitespace, or remove the argument to generate one.",
		Wrong:   regional.CheckKey,
	}
	validSecret = regional.StringRule{
		Summary: "Invalid secret access key",
		Rule:    "Use a secret access key without whitespace, or remove the argument to generate one.",
		Wrong:   regional.CheckKey,
	}
	lookupName = regional.StringRule{
		Summary: "Invalid credential name",
		Rule:    "Use the complete name of the credential, or look up the credential by access_key_id or id. `civo objectstore credential ls` lists the names.",
		Wrong:   regional.CheckName,
	}
	lookupAccessKey = regional.StringRule{
		Summary: "Invalid access key ID",
		Rule:    "Use the complete access key ID of the credential, or look up the credential by name or id. `civo objectstore credential ls` lists the access key IDs.",
		Wrong:   regional.CheckKey,
	}
	lookupID = regional.StringRule{
		Summary: "Invalid credential ID",
		Rule:    "An ID is a UUID, such as 5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f. `civo objectstore credential ls -o json` shows the IDs. You can also look up the credential by name or access_key_id.",
		Wrong:   regional.CheckID,
	}
	rotateID = regional.StringRule{
		Summary: "Invalid credential ID",
		Rule:    "An ID is a UUID, such as 5f0b1d2e-3c4a-4b5d-8e6f-7a8b9c0d1e2f. `civo objectstore credential ls -o json` shows the IDs. You can also use name.",
		Wrong:   regional.CheckID,
	}
)

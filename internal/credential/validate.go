// Rules for values that Civo is certain to reject. All other values are sent to Civo.

package credential

import "github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"

var (
	validName      = regional.NameRule("credential", "Use a name without control characters, such as \"backup-writer\".")
	validAccessKey = regional.KeyRule("access key ID", "Use an access key ID without whitespace, or remove the argument to generate one.")
	validSecret    = regional.KeyRule("secret access key", "Use a secret access key without whitespace, or remove the argument to generate one.")

	lookupName = regional.NameRule("credential", "Use the complete name of the credential, or look up the credential by access_key_id or id. "+
		"`civo objectstore credential ls` lists the names.")
	lookupAccessKey = regional.KeyRule("access key ID", "Use the complete access key ID of the credential, or look up the credential by name or id. "+
		"`civo objectstore credential ls` lists the access key IDs.")
	lookupID = regional.IDRule("credential", "civo objectstore credential ls", "You can also look up the credential by name or access_key_id.")
	rotateID = regional.IDRule("credential", "civo objectstore credential ls", "You can also use name.")
)

// The data source civo_objectstore_credentials.

package credential

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// NewListDataSource returns the data source civo_objectstore_credentials: all credentials of a region, without their secrets.
func NewListDataSource() datasource.DataSource {
	return &regional.PluralDataSource[civo.Credential, commonModel]{
		DataSource:  regional.DataSource{Suffix: typeSuffix + "s"},
		Kind:        kind,
		Description: "Lists all object store credentials in a region, without their secrets, like `civo objectstore credential ls`.",
		Attribute:   "credentials",
		Attributes:  commonAttributes(),
		List:        (*civo.Client).Credentials,
		Key:         func(c civo.Credential) (name, id string) { return c.Name, c.ID },
		Convert:     newCommonModel,
	}
}

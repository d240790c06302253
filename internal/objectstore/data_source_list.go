// The data source civo_objectstores.

package objectstore

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// NewListDataSource returns the data source civo_objectstores, which lists all stores of a region without their usage.
func NewListDataSource() datasource.DataSource {
	return &regional.PluralDataSource[civo.ObjectStore, commonModel]{
		DataSource:  regional.DataSource{Suffix: typeSuffix + "s"},
		Kind:        kind,
		Description: "Lists all object stores in a region, without their usage, like `civo objectstore ls`.",
		Attribute:   "objectstores",
		Attributes:  commonAttributes(),
		List:        (*civo.Client).ObjectStores,
		Key:         func(s civo.ObjectStore) (name, id string) { return s.Name, s.ID },
		Convert:     newCommonModel,
	}
}

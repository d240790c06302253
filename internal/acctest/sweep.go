// Sweepers, which delete objects that failed tests left behind in a real account.

package acctest

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
)

// AddSweeper adds a sweeper that deletes the objects in a region whose names start with NamePrefix.
func AddSweeper[O civo.Record[O]](
	typeName string, objects func(client *civo.Client, region string) *civo.Collection[O], remove func(*civo.Client, context.Context, O) error,
) {
	resource.AddTestSweepers(typeName, &resource.Sweeper{Name: typeName, F: func(region string) error {
		settings, _, problems := civo.Resolve(civo.Arguments{Region: region}, civo.SystemEnvironment())
		if len(problems) > 0 {
			return problems[0]
		}
		client, err := civo.NewClient(civo.Config{Token: settings.Token, Endpoint: settings.Endpoint})
		if err != nil {
			return err
		}
		ctx := context.Background()
		all, err := objects(client, region).All(ctx)
		if err != nil {
			return err
		}
		for _, object := range all {
			if strings.HasPrefix(object.Ref().Name, NamePrefix) {
				if err := remove(client, ctx, object); err != nil {
					return err
				}
			}
		}
		return nil
	}})
}

// The server of the plugin protocol.

package provider

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// server answers the plan of an unchanged object itself, and passes all other requests to the framework. For such a plan, the framework
// converts the configuration, the state and the plan several times, only to return the state unchanged. These conversions take a third
// of the CPU time of a plan without changes.
type server struct {
	frameworkServer

	resources map[string]plannedResource // by type
}

// frameworkServer is what the framework's server implements.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// plannedResource contains what is required to decide whether a state needs planning.
type plannedResource struct {
	schema           tftypes.Type
	hasNothingToPlan func(config, state regional.Attributes) bool
}

// NewServer returns a function that creates the server of a provider with the given version. The provider falls back to
// the environment for settings that the configuration omits. Its client uses the timing, in which zero values select the defaults.
func NewServer(version string, environment civo.Environment, timing civo.Timing) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := &civoProvider{version, environment, timing}
		framework := providerserver.NewProtocol6(p)().(frameworkServer) //nolint:forcetypeassert // all tests fail if a new version does not
		return &server{framework, plannedResources(context.Background(), p)}
	}
}

func plannedResources(ctx context.Context, p provider.Provider) map[string]plannedResource {
	resources := map[string]plannedResource{}
	for _, newResource := range p.Resources(ctx) {
		r := newResource().(regional.FullResource) //nolint:forcetypeassert // all of them are
		var metadata resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{}, &metadata)
		var schema resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &schema)
		resources[metadata.TypeName] = plannedResource{schema.Schema.Type().TerraformType(ctx), r.HasNothingToPlan}
	}
	return resources
}

// PlanResourceChange implements tfprotov6.ResourceServer.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if s.isUnchanged(req) {
		return &tfprotov6.PlanResourceChangeResponse{
			PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
		}, nil
	}
	return s.frameworkServer.PlanResourceChange(ctx, req)
}

// isUnchanged reports whether a plan equals the prior state and needs no modification. If it cannot determine this, it returns false.
func (s *server) isUnchanged(req *tfprotov6.PlanResourceChangeRequest) bool {
	planned, ok := s.resources[req.TypeName]
	if !ok || req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil ||
		len(req.PriorState.MsgPack) == 0 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return false
	}
	state, err := req.PriorState.Unmarshal(planned.schema)
	if err != nil {
		return false
	}
	config, err := req.Config.Unmarshal(planned.schema)
	return err == nil && planned.hasNothingToPlan(regional.AttributesOf(config), regional.AttributesOf(state))
}

// The action civo_objectstore_credential_rotate.

package credential

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/civo"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/diagnostics"
	"github.com/seed-0e51fd2b/terraform-provider-civo/internal/regional"
)

// rotateAction is the action that regenerates the secret of a credential. It changes neither the configuration nor the state.
type rotateAction struct{ data *regional.Data }

var (
	_ action.ActionWithConfigure      = (*rotateAction)(nil)
	_ action.ActionWithValidateConfig = (*rotateAction)(nil)
)

// NewRotateAction returns the action.
func NewRotateAction() action.Action { return &rotateAction{} }

type rotateModel struct {
	ID       types.String   `tfsdk:"id"`
	Name     types.String   `tfsdk:"name"`
	Region   types.String   `tfsdk:"region"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (a *rotateAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = wording.ResourceType + "_rotate"
}

func (a *rotateAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.data = regional.DataOf(req.ProviderData, &resp.Diagnostics)
}

func (a *rotateAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Regenerates the secret access key of a credential in place, once per invocation. The ID, the access key ID, and the ownership of object stores do not change. " +
			"The old secret stops working immediately. Requires Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Name of the credential. Set exactly one of `name` and `id`.",
				Validators: []validator.String{validName, stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id"))},
			},
			"id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{rotateID},
				MarkdownDescription: "ID of the credential. Set exactly one of `name` and `id`.",
			},
			"region": schema.StringAttribute{
				Optional: true, Validators: []validator.String{regional.ValidRegion},
				MarkdownDescription: "Region of the credential, such as `LON1`. Case-insensitive. Default: the provider's region.",
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.BlockWithOpts(ctx, timeouts.Opts{
				InvokeDescription: "Timeout for rotating the secret, such as `1m`. Includes the wait until the credential is ready. " + regional.DefaultTimeoutDescription(updateTimeout),
			}),
		},
	}
}

func (a *rotateAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	resp.Diagnostics.Append(regional.ValidateTimeouts(ctx, req.Config, "invoke")...)
}

func (a *rotateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config rotateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	ctx, cancel := regional.WithTimeout(ctx, config.Timeouts.Invoke, updateTimeout, &resp.Diagnostics)
	defer cancel()
	// The action cannot look up a credential by its access key ID.
	operation := diagnostics.Operation{Wording: wording, Verb: diagnostics.Rotate, Note: noteUnchanged}
	operation.Wording.LookupKeys = "name or ID"
	var wanted lookupModel
	wanted.ID, wanted.Name, wanted.Region = config.ID, config.Name, config.Region
	found, ok := wanted.lookUp(ctx, a.data, operation, &resp.Diagnostics)
	if !ok {
		return
	}
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }
	note, err := a.rotate(ctx, found, &resp.Diagnostics, progress)
	if err != nil {
		operation = wording.On(diagnostics.Rotate, found.Ref())
		operation.Note = note
		resp.Diagnostics.Append(operation.Error(err))
	}
}

// rotate waits until the credential is ready, regenerates its secret once and waits again. With an error, the note describes the secret.
func (a *rotateAction) rotate(
	ctx context.Context, found civo.Credential, diags *diag.Diagnostics, progress func(message string),
) (note string, err error) {
	progress(fmt.Sprintf("Found the credential %s (ID %s)%s", civo.Quote(found.Name), civo.Printable(found.ID), diagnostics.InRegion(found.Region)))
	if found.Status != civo.StatusReady {
		progress("Waiting until the credential is ready")
	}
	current, err := a.data.Client.Credentials(found.Region).WaitReady(ctx, found)
	if err == nil && current.AccessKeyID == "" {
		err = errKeyNotReturned
	}
	if err != nil {
		return noteUnchanged, err
	}
	if current.Suspended {
		diags.AddWarning(suspended(current))
	}
	current.SecretAccessKey = civo.NewSecretAccessKey()
	rotated, err := a.data.Client.UpdateCredential(ctx, current)
	switch {
	case civo.IsUncertain(err):
		return noteUncertain, err
	case err != nil:
		return noteUnchanged, err
	}
	progress("Regenerated the secret access key")
	if _, err := a.data.Client.Credentials(rotated.Region).WaitReady(ctx, rotated); err != nil {
		return noteChanged, err
	}
	progress("The credential is ready")
	return "", nil
}

// The notes at the end of an error. An action does not write to the state, so the notes describe the secret at Civo.
const (
	noteUnchanged = "The secret has not changed."
	noteUncertain = "The secret may have changed. If the state contains the secret, the next plan reads the current value. " +
		"To make sure that the old secret no longer works, invoke the action again."
	noteChanged = "The secret has changed. If the state contains the secret, the next plan reads the new value. " +
		"Do not invoke the action again, unless you want to rotate the secret once more."
)

// The quota of the account.

package civosim

import "fmt"

// quotaForm is an answer to GET /v2/quota, without the fields that have nothing to do with object storage.
type quotaForm struct {
	ID    string `json:"id"`
	Limit int    `json:"objectstore_gb_limit"`
	Usage int    `json:"objectstore_gb_usage"`
}

func (s *Server) getQuota(call) (any, error) {
	return quotaForm{ID: quotaID, Limit: s.options.QuotaGB, Usage: s.usedGB()}, nil
}

const quotaID = "7a1c3e52-94d8-4f0b-b6c1-2d5e8f90a3b7"

// usedGB returns the sum of the maximum sizes of all stores.
func (s *Server) usedGB() (total int) {
	for _, st := range s.stores.byRegion[""] {
		total += st.MaxSizeGB
	}
	return total
}

// checkQuota returns an error if the quota does not allow so many more GB.
func (s *Server) checkQuota(more int) error {
	if more <= 0 || s.usedGB()+more <= s.options.QuotaGB {
		return nil
	}
	return &apiError{
		Status: s.options.QuotaStatus, Code: "quota_limit_reached", Reason: "Quota limit reached",
		Details: fmt.Sprintf("The object store quota of %d GB does not allow %d GB more", s.options.QuotaGB, more),
	}
}

package webhook_test

import (
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// An endpoint that refuses a right push is tried with every kind of mistake that package diagnose knows for it: the examiner has no list of its own, and
// its limit of tries cuts no kind off.
func TestExamine_triesTheWholeTable(t *testing.T) {
	var all sync.Mutex
	var first []byte
	given := map[string]bool{}
	refuses := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, signment := fieldsOf(body)
		all.Lock()
		if first == nil {
			first = body
		}
		given[signment] = true
		all.Unlock()
		_, _ = w.Write([]byte(`{"code":1000,"message":"sign"}`))
	})
	_, err := webhookOf(refuses).Examine(t.Context())
	require.NoError(t, err)
	known, tried := map[string]bool{}, map[string]bool{}
	require.NoError(t, diagnose.Push{MerchantNo: merchantNo, Key: merchantKey, Body: first}.Candidates(func(c diagnose.Candidate) bool {
		for _, kind := range c.Kinds {
			known[kind] = true
			tried[kind] = tried[kind] || given[c.Signature]
		}
		return true
	}))
	require.Greater(t, len(known), 30)
	for kind := range known {
		require.True(t, tried[kind], kind)
	}
}

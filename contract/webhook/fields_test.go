package webhook

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Made-up pushes have the fields of §10, in its order.
func TestMaker_fields(t *testing.T) {
	t.Parallel()
	k := newMaker(1, "渝ATX061", time.Now())
	made := map[string]message{
		schemas.PushEntry: k.entry(), schemas.PushExit: k.exit(k.entry()),
		schemas.PushUnbind: k.notice(client.KindUnbind), schemas.PushCertificationInvalid: k.notice(client.KindCertificationInvalid),
	}
	for _, row := range schemas.Pushes() {
		var names []string
		for _, f := range made[row.Kind].fields {
			names = append(names, f.Name)
		}
		require.Equal(t, row.Fields, names, row.Kind)
	}
}

// That no answer came in time is said in words, in both languages.
func TestReply_noAnswer(t *testing.T) {
	r := &reply{}
	r.Err = context.DeadlineExceeded
	require.Equal(t, "nothing: the time to wait for it was over", r.in("en"))
	require.Equal(t, "没有应答：等待超时", r.in("zh"))
}

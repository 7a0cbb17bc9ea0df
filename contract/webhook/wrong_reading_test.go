package webhook_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/sign"
)

// wrongReading are merchants who read what came in a way of their own, or remember too much of what came before.
var wrongReading = map[string]wrong{
	"decodes each piece":      {inPieces(func(piece []byte) []byte { return []byte(strings.ToValidUTF8(string(piece), "\ufffd")) }), []string{"text-in-pieces"}},
	"reads once":              {readsOnce, []string{"text-in-pieces"}},
	"normalises what came":    {func() http.Handler { return merchant{prepare: halfWidth} }, []string{"text-full-width"}},
	"composes what came":      {func() http.Handler { return merchant{prepare: composed} }, []string{"text-full-width"}},
	"has two digits for days": {matching("remainingDays", `^\d{0,2}$`), []string{"long-term-year"}},
	"has numbers for spaces":  {matching("fixParkingId", `^([A-Z]?\d+)?$`), []string{"long-term-year"}},
	"reads times as UTC": {refusing(func(push map[string]any) bool {
		ahead := hours(push, "entranceTime", time.UTC)
		return ahead > 0 && ahead < 9 // the clock of a test may stand years before the other times
	}), []string{"time-now"}},
	"answers with the signment": {func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			fields, _ := fieldsOf(body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			merchant{answer: func(w http.ResponseWriter, code int, message string) {
				if code == 4 {
					message = "want " + sign.Push(merchantNo, compact(fields), merchantKey)
				}
				writeJSON(w, http.StatusOK, plain(code, message))
			}}.ServeHTTP(w, r)
		})
	}, []string{"signature-in-answer"}},
}

// hours is by how many a time lies ahead, read in a zone; negative where there is none.
func hours(push map[string]any, name string, zone *time.Location) float64 {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", textOf(push, name), zone)
	if err != nil {
		return -1
	}
	return time.Until(at).Hours()
}

// inPieces is a merchant who does something to each piece of a body as it comes.
func inPieces(with func([]byte) []byte) func() http.Handler {
	return func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var body []byte
			piece := make([]byte, 4096)
			for err := error(nil); err == nil && len(body) < 1<<17; {
				var n int
				n, err = r.Body.Read(piece)
				body = append(body, with(piece[:n])...)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			merchant{verify: func([]byte) bool { return !bytes.Contains(body, []byte("\ufffd")) && verifyRight(body) }}.ServeHTTP(w, r)
		})
	}
}

func readsOnce() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		piece := make([]byte, 65<<10)
		n, _ := r.Body.Read(piece)
		r.Body = io.NopCloser(bytes.NewReader(piece[:n]))
		merchant{}.ServeHTTP(w, r)
	})
}

func halfWidth(body []byte) []byte {
	return []byte(strings.NewReplacer("（", "(", "）", ")", "～", "~", "，", ",", "Ｂ", "B").Replace(string(body)))
}

func composed(body []byte) []byte { return []byte(strings.ReplaceAll(string(body), "e\u0301", "é")) }

// Over the network, too, a body comes in pieces.
func TestExamine_inPiecesOverTheNetwork(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]report.Status{"decodes each piece": report.Failed, "reads once": report.Failed, "right": report.Passed} {
		handler := rightMerchant()
		if name != "right" {
			handler = wrongReading[name].new()
		}
		server := httptest.NewServer(handler)
		defer server.Close()
		w := webhookOf(nil)
		w.URL, w.Only = server.URL+"/etcp", []string{"text-in-pieces"}
		r, err := w.Examine(t.Context())
		require.NoError(t, err)
		last := r.Cases[len(r.Cases)-1]
		require.Equal(t, "text-in-pieces", last.ID)
		require.Equal(t, want, last.Status, "%s: %+v", name, last)
	}
}

// What is refused for what came before it, or for a field of the first push, is said to be.
func TestExamine_narrowsARefusal(t *testing.T) {
	t.Parallel()
	latest := func() http.Handler {
		var mu sync.Mutex
		last := ""
		return merchant{store: func(push map[string]any) error {
			mu.Lock()
			defer mu.Unlock()
			at := textOf(push, "pushTime") + textOf(push, "time")
			if at < last {
				return errRefused
			}
			last = at
			return nil
		}}
	}
	oneOfACar := func() http.Handler {
		var mu sync.Mutex
		came := map[string]string{}
		return merchant{store: func(push map[string]any) error {
			mu.Lock()
			defer mu.Unlock()
			plate, id := textOf(push, "plateNumber"), fmt.Sprint(push["synId"], push["exitTime"])
			if before, known := came[plate]; known && before != id {
				return errors.New("just seen")
			}
			came[plate] = id
			return nil
		}}
	}
	limit := func() http.Handler {
		var answers atomic.Int32
		return merchant{answer: func(w http.ResponseWriter, code int, message string) {
			if answers.Add(1) > 10 {
				code = 1
			}
			writeJSON(w, http.StatusOK, plain(code, message))
		}}
	}
	for name, c := range map[string]struct {
		new         func() http.Handler
		check, says string
	}{
		"older than the last": {latest, "empty-fix-parking-id", "what is older than a push before is refused"},
		"one of a car":        {oneOfACar, "empty-fix-parking-id", "a second push of the same car is refused"},
		"a limit":             {limit, "temporary-entry", "refused now, too"},
		"of a day ago":        {refusing(func(push map[string]any) bool { return hours(push, "pushTime", client.Zone) < -1 }), "control-right-push", "with the times of now is accepted"},
		"userType a number":   {refusing(func(push map[string]any) bool { _, ok := numberOf(push, "userType"); return isStay(push) && !ok }), "control-right-push", "userType as a number is accepted"},
		"parkId a text":       {refusing(func(push map[string]any) bool { _, ok := numberOf(push, "parkId"); return ok }), "control-right-push", "parkId as a text is accepted"},
		"no long-term cars":   {matching("userType", "77"), "control-right-push", "of a temporary car is accepted"},
		"spaces are numbers":  {matching("fixParkingId", `^\d*$`), "control-right-push", "fixParkingId 1 is accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := webhookOf(c.new()).Examine(t.Context())
			require.NoError(t, err)
			var fixes []string
			for _, one := range r.Cases {
				if one.Status != report.Passed && one.Status != report.Skipped && len(one.Failures) > 0 {
					fixes = append(fixes, one.ID+": "+one.Failures[0].Fix)
				}
			}
			require.Contains(t, strings.Join(fixes, "\n"), c.says)
		})
	}
}

// An answer that says it is compressed, and is not, is a finding, and no endpoint that cannot be reached.
func TestExamine_answerThatIsNotCompressed(t *testing.T) {
	t.Parallel()
	w := webhookOf(nil)
	server := httptest.NewServer(answering(func(w http.ResponseWriter, code int, message string) {
		w.Header().Set("Content-Encoding", "gzip")
		writeJSON(w, http.StatusOK, plain(code, message))
	}))
	defer server.Close()
	w.URL = server.URL
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	require.Equal(t, report.ExitBroken, r.ExitCode())
	require.Contains(t, r.Cases[0].Failures[0].Message, "Content-Encoding: gzip, and its body is none")
	require.Contains(t, r.Cases[0].Failures[0].Fix, "leave the header Content-Encoding away")
}

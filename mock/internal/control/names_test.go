package control_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A name that does not exist is 422 with a suggestion wherever it is asked about, never an empty success.
func TestControl_unknownNamesAreErrors(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct{ path, body, pointer, detail string }{
		{"/requests/verify", `{"endpoint":"unbindcr","count":{"max":0}}`, "/endpoint", `no endpoint \"unbindcr\"; did you mean unbindcar?`},
		{"/requests/verify", `{"merchantNo":"M9","count":{"max":0}}`, "/merchantNo", `no merchant \"M9\"; there are M1`},
		{"/requests/verify", `{"code":20804}`, "", ""},
		{"/requests/verify", `{"code":20805,"count":{"max":0}}`, "/code", `no code \"20805\"; did you mean `},
		{"/requests/verify", `{"endpoint":"bindcar","data":{"plateNo":"x"},"count":{"max":0}}`, "/data/plateNo", `no parameter of bindcar \"plateNo\"; there are token, plateNumber, plateColor`},
		{"/requests/verify", `{"data":{"plateNumbr":"x"},"count":{"max":0}}`, "/data/plateNumbr", `no parameter \"plateNumbr\"; did you mean plateNumber?`},
		{"/pushes/verify", `{"kind":"exits","count":{"max":0}}`, "/kind", `no kind of push \"exits\"; did you mean exit?`},
		{"/pushes/verify", `{"kind":"exit","body":{"recievableFee":8},"count":{"max":0}}`, "/body/recievableFee", `no field of a push exit \"recievableFee\"; did you mean receivableFee?`},
		{"/pushes/verify", `{"merchantNo":"nobody","count":{"max":0}}`, "/merchantNo", `no merchant \"nobody\"; there are M1`},
		{"/pushes/verify", `{"body":{"recievableFee":8},"count":{"max":0}}`, "/body/recievableFee", `no field of a push \"recievableFee\"; did you mean receivableFee?`},
		{"/pushes/verify", `{"plateNumber":"渝ATX06","count":{"max":0}}`, "/plateNumber", `want a plate such as 渝ATX061, got \"渝ATX06\"`},
		{"/faults", `{"on":{"push":"exit","where":{"recievableFee":8}},"do":{"drop":true}}`, "/on/where/recievableFee", `no field of a push exit \"recievableFee\"; did you mean receivableFee?`},
		{"/faults", `{"on":{"endpoint":"orderpayd"},"do":{"code":2}}`, "/on/endpoint", `no endpoint \"orderpayd\"; did you mean \"orderpaid\"?`},
		{"/verify/sequence", `{"steps":[{"endpoint":"bindcar"},{"endpoint":"orderunpy"}]}`, "/steps/1/endpoint", `no endpoint \"orderunpy\"; did you mean orderunpay?`},
		{"/verify/sequence", `{"steps":[{"push":"leave"}]}`, "/steps/0/push", `no kind of push \"leave\"; there are entry, exit, unbind, certification-invalid`},
		{"/verify/sequence", `{"steps":[{"endpoint":"bindcar","data":{"plate":"x"}}]}`, "/steps/0/data/plate", "no parameter of bindcar"},
	} {
		a := c.Ask(t, http.MethodPost, servertest.Default+row.path, row.body)
		if row.pointer == "" {
			require.Equal(t, http.StatusOK, a.Status, "%s: %s", row.body, a.Body)
			continue
		}
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%s: %s", row.body, a.Body)
		require.Contains(t, a.Body, `"pointer":"`+row.pointer+`"`, row.body)
		require.Contains(t, a.Body, row.detail, row.body)
	}
	for query, detail := range map[string]string{
		"/requests?endpoint=nosuch": "there are uservalidatecode", "/requests?merchantNo=nosuch": "there are M1", "/requests?code=20805": "no code", "/requests?lint=numbr": "no lint",
		"/requests?reason=sign-mismach": "did you mean sign-mismatch?", "/pushes?kind=entri": "did you mean entry?", "/pushes?merchantNo=x": "there are M1", "/requests?endpiont=bindcar": "did you mean endpoint?",
		"/recording?from=r99": "no request r99",
	} {
		a := c.Ask(t, http.MethodGet, servertest.Default+query, nil)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%s: %s", query, a.Body)
		require.Contains(t, a.Body, detail, query)
		name, _, _ := strings.Cut(strings.SplitAfter(query, "?")[1], "=")
		require.Contains(t, a.Body, `"parameter":"`+name+`"`, query)
	}
}

// What was asked under a name that does not exist can be asked about: it is in the journal.
func TestControl_namesThatWereSeenAreKnown(t *testing.T) {
	c := newControlled(t)
	c.Call(t, "carnum", map[string]any{"token": "x", "plate": "y"})
	c.Call(t, "carnum", map[string]any{"token": "x"}, "M9", "k9")
	c.Ask(t, http.MethodGet, "/merchant/open/1.0.0/openapi/none", nil)
	require.Equal(t, 1, c.verifies(t, "requests", `{"endpoint":"carnum","data":{"plate":"y"}}`).Matched)
	require.Equal(t, 1, c.verifies(t, "requests", `{"merchantNo":"M9"}`).Matched)
	require.Equal(t, 1, c.verifies(t, "requests", `{"endpoint":"none"}`).Matched)
}

// What is wrong in the path is named by the parameter there.
func TestControl_pathParameters(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct{ method, path, parameter, detail string }{
		{http.MethodGet, "/users/123", "phone", `phone in the path: want a mobile phone such as 13800000001, got \"123\"`},
		{http.MethodPut, "/vehicles/x", "plate", `plate in the path: want a plate such as 渝ATX061, got \"x\"`},
	} {
		a := c.Ask(t, row.method, servertest.Default+row.path, `{}`)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, a.Body)
		require.Contains(t, a.Body, `"parameter":"`+row.parameter+`"`)
		require.Contains(t, a.Body, row.detail)
	}
}

// Every call of the control API refuses parameters of the query that it does not have.
func TestControl_unknownQueryParameters(t *testing.T) {
	c := newControlled(t)
	elsewhere := []string{"/metrics", "/__admin/openapi.json", "/__admin/docs", "/__admin/session"} // other packages answer these
	for _, row := range schemas.ControlRoutes() {
		if !strings.HasPrefix(row.Path, "/__admin") || strings.Contains(strings.Join(elsewhere, " ")+" ", row.Path+" ") { // a probe may add what it likes
			continue
		}
		path := strings.NewReplacer("{id}", "default", "{no}", "M1", "{", "", "}", "").Replace(row.Path)
		a := c.Ask(t, row.Method, path+"?nosuch=1", nil)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%s %s: %s", row.Method, path, a.Body)
		require.Contains(t, a.Body, `"parameter":"nosuch"`, path)
	}
}

// A verification that does not hold says what was wanted.
func TestVerify_saysWhatWasWanted(t *testing.T) {
	c := newControlled(t)
	for range 3 {
		c.Call(t, "carnum", map[string]any{"token": "x"})
	}
	for count, want := range map[string]string{
		`{"min":99999}`: "want at least 99999, matched 3", `{"max":0}`: "want none, matched 3", `{"max":2}`: "want at most 2, matched 3",
		`{"min":2,"max":2}`: "want exactly 2, matched 3", `{"min":4,"max":9}`: "want 4 to 9, matched 3",
	} {
		a := c.Ask(t, http.MethodPost, servertest.Default+"/requests/verify", `{"count":`+count+`}`)
		require.Equal(t, http.StatusOK, a.Status)
		require.Contains(t, a.Body, `"detail":"`+want+`"`)
		require.Contains(t, a.Body, "匹配 3 条")
	}
	require.NotContains(t, c.Ask(t, http.MethodPost, servertest.Default+"/requests/verify", `{}`).Body, `"detail"`)
}

// A browser at the server's address is led to the console; everything else that asks for / gets the platform's answer.
func TestServer_rootLeadsToTheConsole(t *testing.T) {
	c := newControlled(t)
	a := c.Ask(t, http.MethodGet, "/", nil, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	require.Equal(t, http.StatusOK, a.Status, "redirected")
	require.Contains(t, a.Header.Get("Content-Type"), "text/html")
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, "/", nil).Status)
}

// Users are listed with what they have bound.
func TestControl_listsUsers(t *testing.T) {
	c := newControlled(t)
	require.Equal(t, `{"items":[]}`, strings.TrimSpace(c.Ask(t, http.MethodGet, servertest.Default+"/users", nil).Body))
	_, data := c.Call(t, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "a"})
	c.Call(t, "bindcar", map[string]any{"token": data["token"], "plateNumber": "渝ATX061"})
	body := c.Ask(t, http.MethodGet, servertest.Default+"/users", nil).Body
	require.Contains(t, body, `{"phone":"13800000001","bindings":[{"plateNumber":"渝ATX061","plateColor":"1"`)
	require.Contains(t, body, `"boundThisMonth":1}`)
}

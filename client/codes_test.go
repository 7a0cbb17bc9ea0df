package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A code has one name and one value, here and in the tables.
func TestCodes(t *testing.T) {
	names := map[int]string{}
	for _, row := range schemas.Codes() {
		names[row.Code] = row.Name
	}
	require.Equal(t, map[int]string{
		client.CodeOK: "OK", client.CodeFailed: "Failed", client.CodeServerError: "ServerError", client.CodeTimestampExpired: "TimestampExpired",
		client.CodeBadSignature: "BadSignature", client.CodeUnknownMerchant: "UnknownMerchant", client.CodeBadParameter: "BadParameter",
		client.CodeOrderUpdateFailed: "OrderUpdateFailed", client.CodeOrderCreateFailed: "OrderCreateFailed",
		client.CodeOperationFailed: "OperationFailed", client.CodeInvalidToken: "InvalidToken", client.CodeMissingParameter: "MissingParameter",
		client.CodeBadPhone: "BadPhone", client.CodeSMSFailed: "SMSFailed", client.CodeWrongSMSCode: "WrongSMSCode",
		client.CodeWrongAmount: "WrongAmount", client.CodeBoundByOther: "BoundByOther", client.CodeTooManyBound: "TooManyBound",
		client.CodeTooManyBoundInAMonth: "TooManyBoundInAMonth",
	}, names)
}

// Every call can say which request it was, whether it succeeds or is refused.
func TestWithAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Mock-Request-Id", "r7")
		if r.URL.Query().Get("data") == `{"token":"void"}` {
			w.Header().Set("X-Mock-Reason", "token-unknown")
			_, _ = w.Write([]byte(`{"code":20101,"message":"无效 token"}`))
			return
		}
		_, _ = w.Write([]byte(`{"code":0,"message":"ok","data":{"number":2}}`))
	}))
	defer server.Close()
	c := client.New(server.URL, "M1", "k")
	var answer client.Answer
	n, err := c.CarNum(client.WithAnswer(t.Context(), &answer), "t")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, "r7", answer.RequestID)
	require.Equal(t, http.StatusOK, answer.HTTPStatus)

	_, err = c.CarNum(client.WithAnswer(t.Context(), &answer), "void")
	require.ErrorIs(t, err, client.ErrInvalidToken)
	require.Equal(t, "token-unknown", answer.Reason)
	refusal, ok := errors.AsType[*client.Error](err)
	require.True(t, ok)
	require.Equal(t, "r7", refusal.RequestID)
}

// Options compose in any order: the authorities are trusted, and the client's own limit holds.
func TestWithRoots_composes(t *testing.T) {
	over := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over })) // answers nobody before the end
	defer server.Close()
	defer close(over)
	trusting := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	slow := &http.Client{Timeout: 50 * time.Millisecond}
	for _, opts := range [][]client.Option{
		{client.WithRoots(trusting), client.WithHTTPClient(slow)},
		{client.WithHTTPClient(slow), client.WithRoots(trusting)},
	} {
		_, err := client.New(server.URL, "M1", "k", opts...).CarNum(t.Context(), "t")
		var timeout interface{ Timeout() bool }
		require.ErrorAs(t, err, &timeout)
		require.True(t, timeout.Timeout(), "%v", err)
	}
	require.Nil(t, slow.Transport, "the client that was given is left alone")
}

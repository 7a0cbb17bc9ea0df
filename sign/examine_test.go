package sign_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
)

func TestExamine(t *testing.T) {
	a := sign.RequestAttempt{Key: "secret-key", Data: `{"a": "secret-key"}`, Stamp: patientStamp}
	a.Sign = sign.Request(a.Data, a.Key, a.Stamp)
	e := sign.Examine(a)
	require.Equal(t, sign.Examination{OK: true, Expected: a.Sign, Signed: `{"a": "•••"}•••` + patientStamp}, e)

	a.Sign = strings.ToLower(a.Sign)
	e = sign.Examine(a)
	require.False(t, e.OK)
	require.Equal(t, strings.ToUpper(a.Sign), e.Expected)
	require.Equal(t, "lower-case", e.Findings[0].Kind)

	a.Whitespace = sign.Strip
	e = sign.Examine(a)
	require.Equal(t, sign.RequestWith(sign.Strip, a.Data, a.Key, a.Stamp), e.Expected)
	require.Equal(t, `{"a":"•••"}•••`+patientStamp, e.Signed)
}

func TestExaminePush(t *testing.T) {
	fields := []sign.Field{{Name: "a", Value: "1"}, {Name: "b", Value: 2}}
	for _, how := range []sign.PushData{sign.JSON, sign.Values, sign.Query} {
		want := sign.Push("M1", sign.PushText(fields, how), "secret-key")
		a := sign.PushAttempt{MerchantNo: "M1", Key: "secret-key", SignData: how, Body: []byte(`{"a":"1", "b":2, "signment":"` + want + `"}`)}
		e, err := sign.ExaminePush(a)
		require.NoError(t, err)
		require.Equal(t, sign.Examination{OK: true, Expected: want, Signed: "M1" + sign.PushText(fields, how) + "•••"}, e)
		a.Signment = strings.ToLower(want)
		e, err = sign.ExaminePush(a)
		require.NoError(t, err)
		require.False(t, e.OK)
		require.Equal(t, want, e.Expected)
		require.Equal(t, "lower-case", e.Findings[0].Kind)
	}
	_, err := sign.ExaminePush(sign.PushAttempt{Body: []byte(`[]`)})
	require.ErrorIs(t, err, sign.ErrMalformed)
}

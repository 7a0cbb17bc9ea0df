package mock_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// rightValue is a value of a parameter as the document has it.
func rightValue(t *rapid.T, p schemas.Param) string {
	draw := func(pattern string) string { return rapid.StringMatching(pattern).Draw(t, p.Name) }
	switch p.Form {
	case schemas.FormPhone:
		return draw(`1[3-9][0-9]{9}`)
	case schemas.FormPlate:
		return draw(`[渝京津沪冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]([A-Z][A-HJ-NP-Z0-9]{5,6}|[A-Z][A-HJ-NP-Z0-9]{4}[学警港澳挂])`)
	case schemas.FormPlateColor:
		return draw(`[1-4]`)
	case schemas.FormPayment:
		return draw(`[1-9][0-9]{0,4}(\.[0-9]{1,2})?`)
	case schemas.FormTime:
		return draw(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]`)
	case schemas.FormVIN:
		return draw(`[A-HJ-NPR-Z0-9]{17}`)
	case schemas.FormLatitude:
		return draw(`-?[1-8]?[0-9](\.[0-9]{1,6})?`)
	case schemas.FormLongitude:
		return draw(`-?(1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,6})?`)
	case schemas.FormRadius:
		return draw(`[1-4][0-9]{3}|5000|[5-9][0-9]{2}`)
	case schemas.FormPayType:
		return "1"
	default: // texts
		switch p.Name {
		case "verificationInfo":
			return draw(`[A-Za-z0-9+/]{126}==`)
		case "parkingId": // a number (§9.11)
			return draw(`[1-9][0-9]{0,8}`)
		}
		return rapid.OneOf(rapid.StringMatching(`[A-Za-z0-9+/&%=.:#?\-]([A-Za-z0-9 +/&%=.:#?\-]{0,38}[A-Za-z0-9+/&%=.:#?\-])?`), rapid.StringMatching(`[\p{Han}A-Za-z<>'"\\😀é]{1,12}`)).Draw(t, p.Name)
	}
}

// rightData are parameters of an endpoint as §9 allows them: the required ones, some of the others, and one of the alternatives of §9.10.
func rightData(t *rapid.T, row *schemas.Endpoint) map[string]any {
	var alternatives []string
	chosen := map[string]bool{}
	if len(row.Either) > 0 {
		alternatives = slices.Concat(row.Either...)
		for _, name := range rapid.SampledFrom(row.Either).Draw(t, "alternative") {
			chosen[name] = true
		}
	}
	alone := row.Alone != "" && rapid.Bool().Draw(t, "alone")
	data := map[string]any{}
	for _, p := range row.Params {
		switch {
		case alone != (p.Name == row.Alone):
			continue
		case slices.Contains(alternatives, p.Name) && !chosen[p.Name]:
			continue
		case alone, p.Required, chosen[p.Name], rapid.Bool().Draw(t, "with "+p.Name):
		default:
			continue
		}
		data[p.Name] = rightValue(t, p)
		if p.Mixed && rapid.Bool().Draw(t, p.Name+" as a number") {
			data[p.Name] = json.Number(data[p.Name].(string))
		}
	}
	return data
}

// Whatever right parameters an endpoint is sent, nothing is found in the request: no lint, no finding, and no refusal but those of the platform's
// state.
func TestField_rightRequestsHaveNoFinding(t *testing.T) {
	c := newControlled(t)
	for _, row := range schemas.Endpoints() {
		t.Run(row.Name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				text, err := json.Marshal(rightData(rt, &row))
				require.NoError(rt, err)
				stamp, data := servertest.Stamp(), string(text)
				form := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, servertest.Key, stamp)}}.Encode()
				target, body := schemas.PathPrefix+row.Name, form
				if row.Method == http.MethodGet {
					target, body = target+"?"+form, ""
				}
				request, err := http.NewRequestWithContext(t.Context(), row.Method, c.URL+target, strings.NewReader(body))
				require.NoError(rt, err)
				if body != "" {
					request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				answer, err := c.HTTP.Do(request)
				require.NoError(rt, err)
				require.NoError(rt, answer.Body.Close())
				word, _, _ := strings.Cut(answer.Header.Get("X-Mock-Reason"), ":")
				require.NotContains(rt, []string{"missing-parameter", "malformed-parameter", "data-malformed", "sign-mismatch", "too-long", "timestamp-malformed"}, word, data)
				entry := c.Ask(t, http.MethodGet, servertest.Default+"/requests/"+answer.Header.Get("X-Mock-Request-Id"), nil)
				var journaled journaled
				require.NoError(rt, json.Unmarshal([]byte(entry.Body), &journaled), entry.Body)
				require.NotEmpty(rt, journaled.ID)
				require.Empty(rt, journaled.Lints, data)
				require.Empty(rt, journaled.Diagnosis, data)

				sent := map[string]any{"merchantNo": "M1", "rawBody": form}
				if row.Method == http.MethodGet {
					sent = map[string]any{"merchantNo": "M1", "rawQuery": form}
				}
				a := c.Ask(t, http.MethodPost, "/__admin/sign/explain", sent)
				var out struct {
					OK        bool
					Diagnosis []json.RawMessage
				}
				require.NoError(rt, json.Unmarshal([]byte(a.Body), &out), a.Body)
				require.True(rt, out.OK, data)
				require.Empty(rt, out.Diagnosis, data)
			})
		})
	}
}

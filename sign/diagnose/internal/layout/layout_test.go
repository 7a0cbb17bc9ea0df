package layout

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
)

// text is what is hashed of a layout, with a letter for each part.
func text(form []string) string {
	return strings.NewReplacer(guess.TheData, "D", guess.TheKey, "K", guess.TheStamp, "T", guess.TheNo, "N").Replace(strings.Join(form, ""))
}

// The right text, data + key + time_stamp of a request (§6) and merchant_no + data + key of a push (§10), is no mistake.
func TestForms_areNotTheRightOne(t *testing.T) {
	for in, right := range map[guess.Scope]string{guess.OfRequests: "DKT", guess.OfPushes: "NDK"} {
		for _, l := range layouts() {
			for _, form := range Forms(l.kind, in) {
				require.NotEqual(t, right, text(form), l.kind)
			}
		}
	}
}

// Every layout is found by its kind where it belongs, and nowhere else.
func TestForms_byKind(t *testing.T) {
	for _, l := range layouts() {
		for _, in := range []guess.Scope{guess.OfRequests, guess.OfPushes} {
			has := slices.ContainsFunc(Forms(l.kind, in), func(form []string) bool { return slices.Equal(form, l.form) })
			if l.in&in != 0 {
				require.True(t, has, "%s %q", l.kind, l.form)
			}
		}
	}
	require.Empty(t, Forms("no such kind", guess.OfRequests))
	require.Empty(t, Forms("path-included", guess.OfPushes), "a push has no path of the platform")
	require.Empty(t, Forms("push-formula", guess.OfPushes))
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		kind string
		in   guess.Scope
		want []string
	}{
		{"key-missing", guess.OfRequests, []string{"DT", "TD", "D", "NDT", "DTN"}},
		{"key-missing", guess.OfPushes, []string{"ND", "DN", "D"}},
		{"key-stamp-swapped", guess.OfRequests, []string{"DTK"}},
		{"parts-reordered", guess.OfRequests, []string{"KDT", "KTD", "TDK", "TKD"}},
		{"parts-reordered", guess.OfPushes, []string{"KDN", "DNK", "NKD", "KND", "KD"}},
		{"data-missing", guess.OfRequests, []string{"KT", "TK", "K", "T", ""}},
		{"merchant-no-included", guess.OfRequests, []string{"NDKT", "DKTN", "DNKT", "NTDK", "KNTDK"}},
		{"parts-repeated", guess.OfRequests, []string{"KDTK", "DDKT", "DKTDKT"}},
		{"ampersand-joined", guess.OfRequests, []string{"D&K&T", "data=D&key=K&time_stamp=T", "D&K&T&", "&D&K&T", "data=D&merchant_no=N&time_stamp=TK"}},
		{"separator-joined", guess.OfRequests, []string{"D|K|T", "T|K|D", "D,K,T", "[D, K, T]", "D\nK\nT\n", "D|K|T|"}},
		{"separator-joined", guess.OfPushes, []string{"N|D|K", "K_D_N"}},
		{"trailing-newline", guess.OfRequests, []string{"DKT\n", "D\nKT"}},
		{"path-included", guess.OfRequests, []string{"/merchant/open/1.0.0/openapi/bindcarDKT", "DKTbindcar"}},
		{"variables-not-replaced", guess.OfRequests, []string{"${data}${key}${time_stamp}", "%s%s%s"}},
	} {
		forms := Forms(c.kind, c.in)
		for _, want := range c.want {
			require.True(t, slices.ContainsFunc(forms, func(form []string) bool { return text(form) == want }), "%s has no %q", c.kind, want)
		}
	}
}

// The few that are tried beside another mistake are those that are made most.
func TestForms_likelyFirst(t *testing.T) {
	for kind, want := range map[string]string{"ampersand-joined": "D&K&T", "key-missing": "DT", "data-missing": "KT", "merchant-no-included": "NDKT"} {
		likely := Forms(kind, guess.OfRequests)
		likely = likely[:min(Likely, len(likely))]
		require.True(t, slices.ContainsFunc(likely, func(form []string) bool { return text(form) == want }), "%s: %q", kind, want)
	}
}

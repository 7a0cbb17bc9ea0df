package diagnose_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

const wireKey = "5f4dcc3b5aa765d6"

// What known clients put on the wire is named, with evidence and a fix in both languages.
func TestRequest_onTheWire(t *testing.T) {
	for _, c := range diagnosetest.Requests("M1", wireKey, patientStamp) {
		t.Run(c.Name, func(t *testing.T) {
			out := diagnose.Request{
				MerchantNo: "M1", Key: wireKey, Data: c.Data, Stamp: patientStamp, Sign: c.Sign, RawQuery: c.Query, RawBody: c.Body,
				OtherKeys: map[string]string{"M3": otherKey},
			}.Examine()
			require.False(t, out.OK)
			diagnosetest.HoldsRequest(t, c, out.Findings, wireKey, otherKey)
			for _, alternative := range out.Alternatives {
				t.Log("or", alternative[0].Kind)
			}
		})
	}
}

// All four pushes, in both directions: the push carries the wrong signment, or it is right and its receiver computed the wrong one.
func TestPush_onTheWire(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range append(diagnosetest.Pushes("M1", wireKey), diagnosetest.Matrix("M1", wireKey)...) {
		t.Run(c.Kind+" "+c.Name, func(t *testing.T) {
			right := sign.Push("M1", c.Data, wireKey)
			for _, p := range []diagnose.Push{
				{MerchantNo: "M1", Key: wireKey, Body: []byte(c.Body(c.Signment))},
				{MerchantNo: "M1", Key: wireKey, Body: []byte(c.Body(right)), Signment: c.Signment},
			} {
				out, err := p.Examine()
				require.NoError(t, err)
				require.Equal(t, right, out.Expected)
				diagnosetest.HoldsPush(t, c, out.Findings, wireKey)
			}
			for _, kind := range c.Kinds {
				seen[kind] = true
			}
		})
	}
	require.Equal(t, slices.Sorted(maps.Keys(seen)), diagnosetest.SaidOfPushes(), "words are expected of kinds that no push leads to")
}

// What a wrong receiver computes is among the candidates that an examiner tries.
func TestPush_candidates(t *testing.T) {
	most := 0
	for _, c := range append(diagnosetest.Pushes("M1", wireKey), diagnosetest.Matrix("M1", wireKey)...) {
		p := diagnose.Push{MerchantNo: "M1", Key: wireKey, Body: []byte(c.Body(sign.Push("M1", c.Data, wireKey)))}
		const tries = 2500 // of package webhook's examiner, for a push that was refused though others were accepted
		found, tried := false, 0
		require.NoError(t, p.Candidates(func(candidate diagnose.Candidate) bool {
			found = candidate.Signature == c.Signment
			tried++
			return !found && tried < tries
		}))
		require.True(t, found, c.Name)
		most = max(most, tried)
	}
	t.Log(most, "tries for the last of them")
}

// notOfReceivers are the kinds of a push's signature that are no candidates: no receiver computes them, or not without what only a server has.
var notOfReceivers = []string{
	"sign-padded", "sign-bytes", "sign-object", "sign-full-width", "sign-not-hashed", "rsa", "not-hex", "sign-password-hash", "sign-jwt", "sign-mistyped", "sign-not-md5", // how a sender writes a signature; one that compares with them knows no hash
	"content-length-in-characters", // of what a sender cut off
	"other-merchant-key",           // the keys of others are the server's
}

// The candidates are of the whole table: each kind of a push is among those of some push, but for the ones above.
func TestPush_candidatesAreOfTheWholeTable(t *testing.T) {
	pushes := []diagnose.Push{
		{Key: "  " + wireKey, Body: []byte(`{"a":"1 2"}`)},
		{Key: wireKey, SignData: sign.Values, Body: []byte(`{"a":"1","b":"2"}`)},
		{Key: wireKey, Body: []byte(`{"a":null,"b":"%41+"}`)},
	}
	for _, text := range []string{`{"a": "1", "b": "2"}`, `{"a":"\u6e1d"}`} {
		pushes = append(pushes, diagnose.Push{Key: wireKey, Body: []byte(diagnosetest.Push{Data: text}.Body(sign.Push("M1", text, wireKey)))})
	}
	for _, p := range diagnosetest.OneOfEach(diagnosetest.Pushes("M1", wireKey)) {
		pushes = append(pushes, diagnose.Push{Key: wireKey, Body: []byte(p.Body(sign.Push("M1", p.Data, wireKey)))})
	}
	tried := map[string]bool{}
	for _, p := range pushes {
		p.MerchantNo = "M1"
		require.NoError(t, p.Candidates(func(c diagnose.Candidate) bool {
			for _, kind := range c.Kinds {
				tried[kind] = true
			}
			return true
		}))
	}
	for _, h := range diagnose.Hypotheses() {
		require.Equal(t, h.Push && !slices.Contains(notOfReceivers, h.Kind), tried[h.Kind], h.Kind)
		delete(tried, h.Kind)
	}
	require.Empty(t, tried, "kinds that the table does not have")
}

// Every hypothesis of the table has a client that makes the mistake.
func TestHypotheses(t *testing.T) {
	made := slices.Clone(diagnosetest.NeedsSetting)
	for _, r := range diagnosetest.Requests("M1", wireKey, patientStamp) {
		made = append(made, r.Kinds...)
	}
	for _, p := range diagnosetest.Pushes("M1", wireKey) {
		made = append(made, p.Kinds...)
	}
	for _, h := range diagnose.Hypotheses() {
		require.Contains(t, made, h.Kind, "no client of package diagnosetest makes this mistake")
		require.NotEmpty(t, h.Fix, h.Kind)
		require.Regexp(t, `\p{Han}`, h.FixZh, h.Kind)
		require.NotEmpty(t, h.What, h.Kind)
		require.Regexp(t, `\p{Han}`, h.WhatZh, h.Kind)
		require.Equal(t, strings.ToLower(h.Kind), h.Kind)
	}
}

package model

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// verdict is how a merchant answers a push, as the query of its URL asks for it (see scenarios.Receiver), and whether the push is delivered then (§10).
type verdict struct {
	query     string
	delivered bool
}

func answered(body string) string { return "body=" + url.QueryEscape(body) }

var verdicts = []verdict{
	{"", true},
	{answered(`{"code":0}`), true},
	{answered(`{"code":0.0}`), true},
	{answered(" \n{ \"message\" : null, \"code\" : 0 }\n"), true},
	{answered(`{"code":0,"message":"ok","data":{"code":1},"success":false}`), true},
	{"status=201", true},
	{"status=299", true},
	{"type=text%2Fplain", true},
	{"status=500", false},
	{"status=404", false},
	{"status=400", false},
	{"status=301", false},
	{"status=302&location=%2Funbind", false},
	{"status=307&location=%2Funbind", false},
	{"status=304&body=", false},
	{"status=204&body=", false},
	{"body=", false},
	{"cut=1", false},
	{answered("ok"), false},
	{answered("success"), false},
	{answered("0"), false},
	{answered("[0]"), false},
	{answered(`[{"code":0}]`), false},
	{answered("{}"), false},
	{answered("null"), false},
	{answered(`{"message":"ok"}`), false},
	{answered(`{"success":true}`), false},
	{answered(`{"code":"0"}`), false},
	{answered(`{"code":null}`), false},
	{answered(`{"code":false}`), false},
	{answered(`{"code":[0]}`), false},
	{answered(`{"code":1}`), false},
	{answered(`{"code":-1}`), false},
	{answered(`{"code":0.5}`), false},
	{answered(`{"code":200}`), false},
	{answered(`{"Code":0}`), false},
	{answered(`{"data":{"code":0}}`), false},
	{answered(`{"code":0`), false},
	{answered(`{"code":0}x`), false},
	{answered("\ufeff" + `{"code":0}`), false},
	{answered(`callback({"code":0})`), false},
	{answered(`data: {"code":0}`), false},
}

// Hook is where a merchant's pushes go.
type Hook struct {
	kinds []string // nil: all
	url   *verdict // nil: there is none for all kinds
	urls  map[string]verdict
}

// hookOf makes up a hook: most take all kinds of push; some want a few, at one URL or at several, or none. With answers what comes back is another thing than ok, too.
func hookOf(r *rand.Rand, answers bool) Hook {
	h := Hook{url: &verdicts[0]}
	verdictOf := func() verdict {
		if !answers {
			return verdicts[0]
		}
		return verdicts[r.IntN(len(verdicts))]
	}
	one := verdictOf()
	h.url = &one
	if !answers && r.IntN(2) == 0 {
		return h
	}
	if answers || r.IntN(2) == 0 {
		h.urls = map[string]verdict{}
		for _, kind := range Kinds {
			if r.IntN(2) == 0 {
				h.urls[kind] = verdictOf()
			}
		}
	}
	switch r.IntN(6) {
	case 0:
		h.url = nil
	case 1:
		h.kinds = slices.DeleteFunc(slices.Clone(Kinds), func(string) bool { return r.IntN(2) == 0 })
	}
	if len(h.kinds) == 0 {
		h.kinds = nil
	}
	return h
}

// Kinds are the kinds of push that the model knows (§10). Whether one of another kind, which a platform may have besides, is due it cannot say.
var Kinds = []string{"entry", "exit", "unbind", "certification-invalid"}

// accepting has everything answered with ok.
func (h *Hook) accepting() {
	if h.url != nil {
		h.url = &verdicts[0]
	}
	for kind := range h.urls {
		h.urls[kind] = verdicts[0]
	}
}

// AnswersOtherwise reports whether something else than ok is answered, which takes a receiver.
func (h *Hook) AnswersOtherwise() bool {
	for _, v := range h.urls {
		if v.query != "" {
			return true
		}
	}
	return h.url != nil && h.url.query != ""
}

// IsUsual reports whether all kinds are wanted at one URL and answered with ok.
func (h *Hook) IsUsual() bool {
	return h.url != nil && h.url.query == "" && len(h.urls) == 0 && len(h.kinds) == 0
}

// to is the verdict on a kind of push; nil: it is not wanted.
func (h *Hook) to(kind string) *verdict {
	if len(h.kinds) > 0 && !slices.Contains(h.kinds, kind) {
		return nil
	}
	if v, ok := h.urls[kind]; ok {
		return &v
	}
	return h.url
}

// Nobody is where pushes go that are answered with ok; a scenario's receiver stands in for it where it is asked for another answer.
const Nobody = "http://accept.invalid/"

// JSON is the hook as a fixture has it, below a base URL.
func (h *Hook) JSON(base string) string {
	at := func(kind string, v verdict) string {
		text := base + kind
		if v.query != "" {
			text += "?" + v.query
		}
		return jsonvalue.Encode(text)
	}
	var parts []string
	if h.url != nil {
		parts = append(parts, `"url":`+at("", *h.url))
	}
	var urls []string
	for _, p := range schemas.Pushes() {
		if v, ok := h.urls[p.Kind]; ok {
			urls = append(urls, jsonvalue.Encode(p.Kind)+":"+at(p.Kind, v))
		}
	}
	if len(urls) > 0 {
		parts = append(parts, `"urls":{`+strings.Join(urls, ",")+`}`)
	}
	if len(h.kinds) > 0 {
		kinds := make([]any, len(h.kinds))
		for i, kind := range h.kinds {
			kinds[i] = kind
		}
		parts = append(parts, `"kinds":`+jsonvalue.Encode(kinds))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

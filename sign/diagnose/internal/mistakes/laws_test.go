package mistakes_test

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

const (
	merchantNo = "Mer1"
	key        = "5f4dcc3b5AA765d6"
	stamp      = "20171027093000"
)

// request is the case of a request whose data came as it is, or raw.
func request(data, raw string) *guess.Case {
	c := &guess.Case{
		Right: guess.Guess{Form: []string{guess.TheData, guess.TheKey, guess.TheStamp}, Data: data, Key: key, Stamp: stamp, No: merchantNo},
		Scope: guess.OfRequests, Rule: sign.Exact, Left: guess.Effort, Others: map[string]string{"M2": "0a1b2c3d4e5f6071"},
	}
	if raw == "" {
		raw = url.QueryEscape(data)
	}
	c.Came = guess.CameOf("", "", "merchant_no="+merchantNo+"&time_stamp="+stamp+"&data="+raw)
	return c
}

// push is the case of a push, signed by the default rule.
func push(data string) *guess.Case {
	return &guess.Case{
		Right: guess.Guess{Form: []string{guess.TheNo, guess.TheData, guess.TheKey}, Data: data, Key: key, No: merchantNo, Doc: jsondoc.Parse(data)},
		Scope: guess.OfPushes, How: sign.JSON, Rule: sign.Exact, Left: guess.Effort, Sent: strings.Repeat("0", 32), Order: []string{"plateNumber", "time"},
	}
}

// cases are requests and pushes in which every row finds something to try.
func cases() map[string]*guess.Case {
	all := map[string]*guess.Case{}
	for i, data := range []string{
		`{"token":"t/1+ 2","plateNumber":"渝ATX061","note":"<a b>&=' ","appId":"","free":null,"payment":8.50,"radius":500,"time":"2017-10-27 09:30:00","mobilePhone":"13800000001"}`,
		`{"orderId":"9E2F","lat":"29.560","payment":"8.50","code":"%41"}`,
		`{"plateNumber":"?ATX061"}`, `{"plateNumber":"ATX061"}`, `{"city":""}`, `{"token":"t","note":"P`, `{'token': 't', 'n': 7}`, `{token=t, n=7}`, `BindCar(token=t)`, `{"token"=>"t"}`,
		`map[token:t]`, `{token: "t"}`, `{token:t}`, `token=t&n=7`, `{&quot;a&quot;:&quot;1&quot;}`, "\uFEFF{\"a\":1}", "{\"a\u200b\":1}", `{\"a\":1}`, `{"a":"%u6E1D"}`, `｛“a”：1｝`, "{\r\n\"a\": 1\r\n}",
		"eyJhIjoxfQ==", `{"plateNumber":"æ¸ATX061"}`, "{\"plateNumber\":\"\xd3\xe5ATX061\"}", " {\"a\":1} ", `[{"a":1}]`, `"{\"a\":1}"`, `%7B%22a%22%3A1%7D`, `{"a":"\u6e1d\/"}`, "{ \"a\" :1}", "",
		`{"data":{"a":1}}`, `{"data":"{\"a\":1}"}`, `{"a":1}}`, `"a":1}`, "7b2261223a317d", `{"a":"u6e1d/"}`, `b'{"a":"\xe6"}'`, `{"a":"U+6E1D"}`, `{'a':'1'}`, `{"a":1,}`, "H4sIAAAAAAAC/6tWSlSyMqwFAK+sG1YHAAAA", "Array\n(\n    [a] => 1\n)\n", "a: x\nb: y\n", "<x><a>1</a></x>",
		"{ a = b, c = d }", "Map(a -> b)", `["a": "b"]`, `%{"a" => "b"}`, `#{<<"a">> => <<"b">>}`, `{:a "b"}`, "@{a=b; c=d}", "[a:b]", "{a: b}", "{\n    a = b;\n}", "OrderedDict([('a', 'b')])", "{Token:t A:b}", `Bind { a: "b" }`, "$VAR1 = {\n 'a' => 'b'\n};", `[["a","b"]]`, `{"platenumber":"渝atx061"}`, `{"appId":"null","n":1}`, `{"payment":1,000}`, `{"appId":None}`, `{"plateNumber":"渝ATX061"}`, `{""a"":""1""}`, `{"payTime":"2017-10-2709:30:00","token":"d970cff4-3811","plateColor":"1","payDate":"2017-10-27T09:30:00"}`,
	} {
		all[fmt.Sprint("request ", i)] = request(data, "")
	}
	all["a bare &"] = request(`{"note":"P`, `{"note":"P&R"}`)
	all["data twice"] = request(`{"a":1}`, url.QueryEscape(`{"a":1}`)+"&data=%7B%22a%22%3A2%7D&time_stamp=20171027093001")
	all["padded key"] = request(`{"a":1}`, "")
	all["padded key"].Right.Key = " k3y9 \n"
	all["push"] = push(`{"plateNumber":"渝A****","time":"2017-08-19 12:07:19","parkId":7,"receivableFee":5.50,"fixParkingId":"","note":" <b>/ %41+"}`)
	all["push of values"] = push(`{"time":"2017-08-19 12:07:19","plateNumber":"渝ATX061"}`)
	all["push of values"].How = sign.Values
	all["push of values"].Right.Flat = jsondoc.AsValues
	return all
}

// rows calls f with each row of the table that is about a case.
func rows(f func(name string, c *guess.Case, row *guess.Hypothesis)) {
	all := cases()
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for i := range mistakes.Table {
			if row := &mistakes.Table[i]; row.In&all[name].Scope != 0 {
				f(name+", "+row.Kind, all[name], row)
			}
		}
	}
}

// texts are what a row tries, each as the text that is hashed and what is done to its hash.
func texts(c *guess.Case, row *guess.Hypothesis, few bool) (all []string) {
	c.Left = guess.Effort
	row.Try(c, c.Right, few, func(g guess.Guess) bool {
		text := string(g.Append(nil))
		all = append(all, text+"\x00"+guess.UpperHex(g.Hash([]byte(text))))
		return true
	})
	return all
}

// A row tries the same each time, and leaves the case as it was: it is read by every search.
func TestTable_triesTheSame(t *testing.T) {
	rows(func(name string, c *guess.Case, row *guess.Hypothesis) {
		before := string(c.Right.Append(nil))
		form := slices.Clone(c.Right.Form)
		once := texts(c, row, false)
		require.Equal(t, before, string(c.Right.Append(nil)), name)
		require.Equal(t, form, c.Right.Form, name)
		require.Equal(t, once, texts(c, row, false), name)
	})
}

// What is tried where another mistake comes with it is tried alone, too; and it is no more.
func TestTable_fewAreOfAll(t *testing.T) {
	rows(func(name string, c *guess.Case, row *guess.Hypothesis) {
		if row.Alone || row.Last || row.Kind == "other-merchant-key" { // whose keys are compared at once where it is alone
			return
		}
		all, few := texts(c, row, false), texts(c, row, true)
		require.LessOrEqual(t, len(few), len(all), name)
		require.Subset(t, append(all, ""), append(few, ""), name)
	})
}

// A row that was told to stop stops.
func TestTable_stops(t *testing.T) {
	rows(func(name string, c *guess.Case, row *guess.Hypothesis) {
		n := len(texts(c, row, false))
		for _, most := range []int{1, 2, n/2 + 1} {
			if most > n {
				continue
			}
			calls := 0
			c.Left = guess.Effort
			more := row.Try(c, c.Right, false, func(guess.Guess) bool { calls++; return calls < most })
			require.Equal(t, most, calls, name)
			require.False(t, more, name)
		}
		require.True(t, row.Try(c, c.Right, false, func(guess.Guess) bool { return true }), name)
	})
}

// No row tries the right text, where there is something of everything in it; but the one that stands for the rule sign.whitespace.
func TestTable_neverTheRightText(t *testing.T) {
	rows(func(name string, c *guess.Case, row *guess.Hypothesis) {
		everything := strings.HasPrefix(name, "request 0,") || strings.HasPrefix(name, "push,")
		if row.Kind == "whitespace-kept" || row.Last || !everything { // any order, the given one among them
			return
		}
		text := string(c.Right.Append(nil))
		require.NotContains(t, texts(c, row, false), text+"\x00"+guess.UpperHex(c.Right.Hash([]byte(text))), name)
	})
}

// What a guess says of itself is a sentence on one line in both languages, with as much evidence in one as in the other, and without the key.
func TestTable_words(t *testing.T) {
	rows(func(name string, c *guess.Case, row *guess.Hypothesis) {
		row.Try(c, c.Right, false, func(g guess.Guess) bool {
			for _, said := range []words.Phrase{g.What, g.Evidence, g.Fix} {
				require.Equal(t, said.En == "", said.Zh == "", name)
				require.NotContains(t, said.En+said.Zh, "\n", name)
				require.NotContains(t, said.En+said.Zh, strings.TrimSpace(c.Right.Key), name)
				if c.Scope == guess.OfPushes {
					require.NotRegexp(t, toSenders, said.En+"\n"+said.Zh, name)
				}
			}
			return true
		})
	})
}

// toSenders is what a fix begins with that is for who signs and sends; who receives a push does neither.
var toSenders = regexp.MustCompile(`(?m)(^|; )(Sign|Send) |(^|；)(请签|请对实际发送|各值按发送|请发送)`)

// A row has a kind in kebab-case, says what happened and what to do in both languages, and has another fix of pushes only where it is about them.
func TestTable_rows(t *testing.T) {
	kind := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	han := regexp.MustCompile(`\p{Han}`)
	said := map[string]bool{} // by an earlier row of the kind
	for _, row := range slices.Concat(mistakes.Table, mistakes.Looks) {
		require.Regexp(t, kind, row.Kind)
		for _, p := range []words.Phrase{row.What, row.Fix} {
			require.Equal(t, p.En == "", p.Zh == "", row.Kind)
			if p.En != "" {
				require.Regexp(t, han, p.Zh, row.Kind)
				require.NotRegexp(t, `\.$`, p.En, row.Kind)
				require.NotRegexp(t, `。$`, p.Zh, row.Kind)
			}
		}
		require.True(t, row.What.En != "" && row.Fix.En != "" || said[row.Kind], row.Kind)
		said[row.Kind] = true
		if row.In&guess.OfPushes != 0 {
			fix := cmp.Or(row.PushFix, row.Fix)
			require.NotRegexp(t, toSenders, fix.En+"\n"+fix.Zh, row.Kind)
		}
		if row.PushFix.En != "" {
			require.NotZero(t, row.In&guess.OfPushes, row.Kind)
			require.NotEqual(t, row.Fix, row.PushFix, row.Kind)
		}
		require.False(t, row.Alone && row.Pair, "%s: a row that comes alone comes with no other", row.Kind)
	}
}

// Every row finds something to try in one of the cases, or the laws above would say nothing of it.
func TestTable_everyRowTries(t *testing.T) {
	tries := map[*guess.Hypothesis]int{}
	rows(func(_ string, c *guess.Case, row *guess.Hypothesis) { tries[row] += len(texts(c, row, false)) })
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		looksUp := (row.Kind == "stamp-format" || row.Kind == "stamp-drift") && row.Alone || row.Kind == "other-merchant-key" || row.Kind == "content-length-in-characters" // see their own tests
		require.Equal(t, !looksUp, tries[row] > 0, "%d: %s", i, row.Kind)
	}
}

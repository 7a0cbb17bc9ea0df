package schemas

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestEndpoints_areTheTwelveOfTheDocumentInItsOrder(t *testing.T) {
	want := []string{
		"§9.1 GET uservalidatecode", "§9.2 POST userlogin", "§9.3 POST usersigin", "§9.4 POST bindcar",
		"§9.5 POST unbindcar", "§9.6 GET orderhistory", "§9.7 GET orderunpay", "§9.8 POST orderpaid",
		"§9.9 POST carretrieve", "§9.10 POST surroundingparking", "§9.11 POST parkingstatus", "§9.12 GET carnum",
	}
	var got []string
	for _, e := range Endpoints() {
		got = append(got, e.Section+" "+e.Method+" "+e.Name)
		if e.Title == "" {
			t.Errorf("%s has no title", e.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestCodes_areTheDocumentsByteForByte(t *testing.T) {
	want := map[int]string{
		0: "成功", 1: "失败", 2: "服务器异常", 3: "时间戳超时", 4: "签名校验非法", 5: "没有找到商户密钥", 6: "参数错误",
		7: "更新订单失败", 8: "生产订单失败", 20100: "操作失败", 20101: "无效 token", 20102: "缺少必要参数",
		20201: "手机号错误", 20202: "获取验证码失败", 20203: "手机验证码错误", 20206: "支付金额与应付金额不匹配",
		20802: "该车辆已被他人绑定", 20803: "绑定数量超限", 20804: "一月最多绑定 4 辆不同的车",
	}
	names := make(map[string]bool)
	for _, c := range Codes() {
		if want[c.Code] != c.Message || Message(c.Code) != c.Message {
			t.Errorf("%d says %q, Message %q, want %q", c.Code, c.Message, Message(c.Code), want[c.Code])
		}
		if c.Name == "" || names[c.Name] {
			t.Errorf("%d has the name %q, which is empty or taken", c.Code, c.Name)
		}
		names[c.Name] = true
	}
	if len(Codes()) != len(want) || Message(9) != "" {
		t.Errorf("%d codes, want %d; Message(9) %q", len(Codes()), len(want), Message(9))
	}
}

func TestCodes_areAllAnsweredByAnEndpointOrTheEnvelope(t *testing.T) {
	answered := map[int]bool{CodeOK: true}
	for _, code := range EnvelopeCodes() {
		answered[code] = true
	}
	for _, e := range Endpoints() {
		for _, code := range e.Codes {
			answered[code] = true
		}
		both := slices.Concat(e.Codes, e.CodesByRule)
		for i, code := range both {
			if Message(code) == "" || code == CodeOK || slices.Contains(EnvelopeCodes(), code) || slices.Contains(both[:i], code) {
				t.Errorf("%s: code %d is unknown, the envelope's, or there twice", e.Name, code)
			}
		}
		if !slices.IsSorted(e.Codes) || !slices.IsSorted(e.CodesByRule) {
			t.Errorf("%s: codes are out of the document's order", e.Name)
		}
	}
	for _, c := range Codes() {
		if !answered[c.Code] {
			t.Errorf("nothing answers %d %s", c.Code, c.Name)
		}
	}
}

func TestEndpoints_rowsAgreeWithThemselves(t *testing.T) {
	for _, e := range Endpoints() {
		has := func(name string) bool {
			return slices.ContainsFunc(e.Params, func(p Param) bool { return p.Name == name })
		}
		form := func(f Form) bool {
			return slices.ContainsFunc(e.Params, func(p Param) bool { return p.Form == f })
		}
		if e.Token != has("token") || e.Token != slices.Contains(e.Codes, CodeInvalidToken) {
			t.Errorf("%s: Token, the parameter token and code 20101 go together", e.Name)
		}
		if e.Token && e.Params[0].Name != "token" {
			t.Errorf("%s: every table of the document starts with token", e.Name)
		}
		if form(FormPhone) != slices.Contains(e.Codes, CodeBadPhone) {
			t.Errorf("%s: a phone and code 20201 go together", e.Name)
		}
		for _, name := range append(slices.Concat(e.Either...), e.Alone) {
			if name != "" && !has(name) {
				t.Errorf("%s: %s is no parameter", e.Name, name)
			}
		}
		for _, p := range e.Params {
			if mixed := p.Form == FormPayment || p.Form == FormPlateColor; p.Mixed != mixed {
				t.Errorf("%s.%s: the document mixes payment and plateColor only", e.Name, p.Name)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for _, e := range Endpoints() {
		if row, ok := Lookup(e.Name); !ok || row.Section != e.Section {
			t.Errorf("Lookup(%q) = %v, %v", e.Name, row, ok)
		}
	}
	for _, p := range Pushes() {
		if row, ok := LookupPush(p.Kind); !ok || row.Section != p.Section {
			t.Errorf("LookupPush(%q) = %v, %v", p.Kind, row, ok)
		}
	}
	if row, ok := Lookup("usersignin"); ok || row != nil {
		t.Error("the platform's name is usersigin")
	}
	if row, ok := LookupPush("entrance"); ok || row != nil {
		t.Error("there is no push of the kind entrance")
	}
	if n := testing.AllocsPerRun(100, func() { Lookup("bindcar") }); n != 0 {
		t.Errorf("Lookup allocates %v times", n)
	}
}

func TestTables_slicesAreTheCallers(t *testing.T) {
	Endpoints()[0].Name, Pushes()[0].Kind, Codes()[0].Message, EnvelopeCodes()[0] = "x", "x", "x", 99
	if Endpoints()[0].Name == "x" || Pushes()[0].Kind == "x" || Codes()[0].Message == "x" || EnvelopeCodes()[0] == 99 {
		t.Error("a caller wrote into the tables")
	}
}

// rawSchema is what a schema file says before the shared definitions are put in,
// its properties in the order of the file.
type rawSchema struct {
	Title      string          `json:"title"`
	Required   []string        `json:"required"`
	Properties json.RawMessage `json:"properties"`
}

func rawSchemaOf(t *testing.T, key string) rawSchema {
	t.Helper()
	text, err := files.ReadFile(key + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw rawSchema
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	return raw
}

// names are the properties in the order of the file.
func (r rawSchema) names(t *testing.T) (names []string) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(r.Properties))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func (r rawSchema) refs(t *testing.T) map[string]string {
	t.Helper()
	var properties map[string]struct {
		Ref string `json:"$ref"`
	}
	if err := json.Unmarshal(r.Properties, &properties); err != nil {
		t.Fatal(err)
	}
	refs := make(map[string]string)
	for name, p := range properties {
		refs[name] = p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]
	}
	return refs
}

func TestRequestSchemas_sayWhatTheTableSays(t *testing.T) {
	for _, e := range Endpoints() {
		raw := rawSchemaOf(t, "request/"+e.Name)
		refs := raw.refs(t)
		var names, required []string
		for _, p := range e.Params {
			names = append(names, p.Name)
			want := string(p.Form)
			if p.Required {
				required = append(required, p.Name)
			} else {
				want = "optional" + strings.ToUpper(want[:1]) + want[1:]
			}
			if refs[p.Name] != want {
				t.Errorf("%s.%s is a %q, want %q", e.Name, p.Name, refs[p.Name], want)
			}
		}
		if got := raw.names(t); !slices.Equal(got, names) {
			t.Errorf("%s: properties %q, the table has %q", e.Name, got, names)
		}
		if !slices.Equal(raw.Required, required) {
			t.Errorf("%s: required %q, the table has %q", e.Name, raw.Required, required)
		}
		for _, title := range []string{raw.Title, rawSchemaOf(t, "answer/"+e.Name).Title} {
			if !strings.HasPrefix(title, e.Section+" ") {
				t.Errorf("%s: title %q does not start with %s", e.Name, title, e.Section)
			}
		}
	}
}

func TestPushSchemas_sayWhatTheTableSays(t *testing.T) {
	for _, p := range Pushes() {
		raw := rawSchemaOf(t, "push/"+p.Kind)
		if got, want := raw.names(t), append(slices.Clone(p.Fields), "signment"); !slices.Equal(got, want) {
			t.Errorf("%s: properties %q, the table has %q", p.Kind, got, want)
		}
		// §10.1.1 and §10.2.1 call these two 非必须.
		required := slices.DeleteFunc(raw.names(t), func(name string) bool { return name == "userType" || name == "pushTime" })
		if !slices.Equal(raw.Required, required) {
			t.Errorf("%s: required %q", p.Kind, raw.Required)
		}
		if want := p.Section + " " + p.Title + ":"; !strings.HasPrefix(raw.Title, want) {
			t.Errorf("%s: title %q does not start with %q", p.Kind, raw.Title, want)
		}
	}
}

func TestSchemas_areThoseOfTheTablesAndNoOthers(t *testing.T) {
	want := map[string]bool{KindEnvelope: true, KindPushAnswer: true}
	for _, e := range Endpoints() {
		want["request/"+e.Name], want["answer/"+e.Name] = true, true
	}
	for _, p := range Pushes() {
		want["push/"+p.Kind] = true
	}
	for key := range entries() {
		if !want[key] {
			t.Errorf("%s belongs to no row", key)
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("%s has no schema", key)
	}
}

func TestEnvelopeSchema_hasTheCodesOfTheTable(t *testing.T) {
	code := follow(standalone()[KindEnvelope], "/properties/code/enum").([]any)
	var got []string
	for _, c := range code {
		got = append(got, c.(json.Number).String())
	}
	var want []string
	for _, c := range Codes() {
		want = append(want, string(encode(c.Code, "")))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

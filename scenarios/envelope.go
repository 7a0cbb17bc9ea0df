package scenarios

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/sign"
)

// What a call overrides of the envelope on purpose.

var requestForm = syntax.Object("what is overridden of the request",
	syntax.Optional("sign", template.Text, "Sent as sign in place of the right one. {sign} in it is the right one, {lower} that in lower case, {half} its first half, {middle} the sixteen characters in its middle, {begin} all but its last character, {end} all but its first."),
	syntax.Optional("signed", template.Text, "The text that is hashed in place of {data}{key}{time_stamp}; these may stand in it."),
	syntax.Optional("timeStamp", template.Text, "time_stamp as yyyyMMddHHmmss, or how far from now: -11m, +11m. It is signed."),
	syntax.Optional("merchantNo", template.Text, "Sent as merchant_no."),
	syntax.Optional("key", template.Text, "Signs in place of the merchant's key."),
	syntax.Optional("method", methodForm, "The HTTP method, in place of the endpoint's."),
	syntax.Optional("version", template.Text, "In the path, in place of 1.0.0."),
	syntax.Optional("rawData", template.Text, "Sent as data, as it is; it is signed."),
	syntax.Optional("encodedData", template.Text, "Sent as data as it stands here, URL-encoded; what it decodes to, any bytes, is signed."),
	syntax.Optional("omit", syntax.List(&syntax.Form{Want: "parameter", Kind: syntax.TextKind, OneOf: transport.Parameters}, "a list of parameters"), "Parameters that are not sent."),
	syntax.Optional("query", template.Text, "The whole query. {params} in it are the four parameters, {data} and the others one of them, URL-encoded."),
	syntax.Optional("body", template.Text, "The whole body, likewise."),
	syntax.Optional("size", &syntax.Form{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 1, Most: 16 << 20}}, "Bytes of a POST's body, which is filled up with a parameter that nobody knows."),
	syntax.Optional("headers", &syntax.Form{Want: "a mapping of headers", Kind: syntax.ObjectKind, Each: template.Text}, "Headers, in place of those of that name; an empty one is not sent."))

// request makes the request, changed as the step says.
func (r *runner) request(f *frame, step *language.Step, m control.SandboxMerchant) (client.Request, *transport.Rewrite, error) {
	req := client.Request{Endpoint: step.Subject, RawData: "{}"}
	if data := step.Extras["data"]; data != nil {
		var text bytes.Buffer
		if err := data.WriteJSON(&text, f.vars); err != nil {
			return req, nil, err
		}
		req.RawData = text.String()
	}
	override := step.Extras["request"]
	if override == nil {
		return req, nil, nil
	}
	if err := r.override(f, override, &req); err != nil {
		return req, nil, err
	}
	w, err := rewriteOf(f, override)
	if err != nil {
		return req, nil, err
	}
	if w != nil && w.Data != nil {
		if req.RawData, err = url.QueryUnescape(*w.Data); err != nil {
			return req, nil, wrong(override.Find("encodedData").Position, err)
		}
	}
	return req, w, r.resign(f, override, &req, m)
}

// override reads the parts that are sent in place of the right ones.
func (r *runner) override(f *frame, override *template.Value, req *client.Request) error {
	for name, to := range map[string]*string{
		"sign": &req.Sign, "timeStamp": &req.TimeStamp, "merchantNo": &req.MerchantNo, "key": &req.Key,
		"method": &req.Method, "version": &req.Version, "rawData": &req.RawData,
	} {
		t := override.Find(name)
		if t == nil {
			continue
		}
		text, err := t.Text(f.vars)
		if err != nil {
			return err
		}
		*to = text
		if text != "" {
			continue
		}
		// An empty text is sent as such.
		parameter := map[string]string{"sign": "sign", "timeStamp": "time_stamp", "merchantNo": "merchant_no", "rawData": "data"}[name]
		if parameter != "" {
			if req.Params == nil {
				req.Params = map[string]string{}
			}
			req.Params[parameter] = ""
		}
	}
	if relativeStamp().MatchString(req.TimeStamp) {
		d, err := control.ParseDuration(req.TimeStamp[1:])
		if err != nil {
			return wrong(override.Find("timeStamp").Position, err)
		}
		if req.TimeStamp[0] == '-' {
			d = -d
		}
		req.TimeStamp = r.target.now().Add(d).In(client.Zone).Format(client.StampLayout)
	}
	if omit := override.Find("omit"); omit != nil {
		for _, item := range omit.Items {
			req.Omit = append(req.Omit, item.Literal.(string)) // by its form
		}
	}
	return nil
}

// resign computes a signature that is said by what is hashed, or by the right one.
func (r *runner) resign(f *frame, override *template.Value, req *client.Request, m control.SandboxMerchant) error {
	signed := override.Find("signed")
	if signed == nil && !strings.Contains(req.Sign, "{") {
		return nil
	}
	key := m.MerchantKey
	if req.Key != "" {
		key = req.Key
	}
	if req.TimeStamp == "" {
		req.TimeStamp = r.target.now().In(client.Zone).Format(client.StampLayout)
	}
	right := sign.Request(req.RawData, key, req.TimeStamp)
	if signed != nil {
		text, err := signed.Text(f.vars)
		if err != nil {
			return err
		}
		sum := md5.Sum([]byte(strings.NewReplacer("{data}", req.RawData, "{key}", key, "{time_stamp}", req.TimeStamp).Replace(text)))
		right = strings.ToUpper(hex.EncodeToString(sum[:]))
	}
	if req.Sign == "" {
		req.Sign = "{sign}"
	}
	req.Sign = strings.NewReplacer("{sign}", right, "{lower}", strings.ToLower(right), "{half}", right[:len(right)/2], "{middle}", right[8:24], "{begin}", right[:len(right)-1], "{end}", right[1:]).Replace(req.Sign)
	return nil
}

func rewriteOf(f *frame, override *template.Value) (*transport.Rewrite, error) {
	w := &transport.Rewrite{Headers: map[string]string{}}
	used := false
	for name, to := range map[string]**string{"encodedData": &w.Data, "query": &w.Query, "body": &w.Body} {
		t := override.Find(name)
		if t == nil {
			continue
		}
		text, err := t.Text(f.vars)
		if err != nil {
			return nil, err
		}
		*to, used = &text, true
	}
	if size := override.Find("size"); size != nil {
		value, err := size.Eval(f.vars)
		if err != nil {
			return nil, err
		}
		w.Size, used = value.(int), true // by its form
	}
	if headers := override.Find("headers"); headers != nil {
		for _, m := range headers.Members {
			text, err := m.Value.Text(f.vars)
			if err != nil {
				return nil, err
			}
			w.Headers[m.Name], used = text, true
		}
	}
	if !used {
		return nil, nil
	}
	return w, nil
}

package schemas

import (
	"errors"
	"strings"
	"testing"
)

// Whatever is wrong with an answer or a push is said in Chinese, too, and each shared form has a Chinese name.
func TestProblem_inChinese(t *testing.T) {
	for _, row := range []struct {
		err  error
		want string
	}{
		{ValidateAnswer("carnum", []byte(`{"code":77,"message":"x"}`)), "77 不符合格式：§11 的返回码"},
		{ValidateAnswer("carnum", []byte(`{"code":0,"data":{"number":"x"},"message":"ok"}`)), `类型应为 "integer"，实际为 "x"`},
		{ValidateAnswer("carnum", []byte(`{"code":0,"data":{},"message":"ok"}`)), `缺少 "number"`},
		{ValidateAnswer("carnum", []byte(`{"code":0,"data":{"number":1,"more":1},"message":"ok"}`)), "是文档没有的字段"},
		{ValidateRequest("usersigin", []byte(`{"mobilePhone":"1","appId":"x"}`)), `"1" 不符合格式：手机号`},
	} {
		var invalid *ValidationError
		if !errors.As(row.err, &invalid) || invalid.Problems[0].DetailZh != row.want {
			t.Errorf("want %q, got %v %+v", row.want, row.err, invalid)
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if title, ok := v["title"].(string); ok && v["$schema"] == nil && !strings.HasPrefix(title, "§") && titles[title] == "" {
				t.Errorf("no Chinese for %q", title)
			}
			for _, item := range v {
				walk(item)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	for _, e := range entries() {
		walk(e.node)
	}
}

// Each rule is said in both languages.
func TestRules_inChinese(t *testing.T) {
	for _, r := range Rules() {
		if r.Text == "" || r.TextZh == "" {
			t.Errorf("%s: %q %q", r.ID, r.Text, r.TextZh)
		}
	}
}

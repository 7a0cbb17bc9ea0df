package schemas_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/etcp-mock/etcp-mock/schemas"
)

func TestSchema_standsAlone(t *testing.T) {
	check := func(kind, name string) {
		t.Helper()
		text, ok := schemas.Schema(kind, name)
		if !ok || !json.Valid(text) {
			t.Fatalf("Schema(%q, %q) = %s, %v", kind, name, text, ok)
		}
		if bytes.Contains(text, []byte(`"$ref"`)) {
			t.Errorf("%s/%s refers to another file", kind, name)
		}
		text[0] = 'x'
		if again, _ := schemas.Schema(kind, name); again[0] != '{' {
			t.Errorf("%s/%s: a caller wrote into the schema", kind, name)
		}
	}
	for _, e := range schemas.Endpoints() {
		check(schemas.KindRequest, e.Name)
		check(schemas.KindAnswer, e.Name)
	}
	for _, p := range schemas.Pushes() {
		check(schemas.KindPush, p.Kind)
	}
	check(schemas.KindEnvelope, "")
	check(schemas.KindPushAnswer, "")
	for _, unknown := range [][2]string{{"answer", "x"}, {"", "envelope"}, {"envelope", "x"}, {"x", ""}, {"", ""}, {".", "envelope"}, {"", "common"}} {
		if _, ok := schemas.Schema(unknown[0], unknown[1]); ok {
			t.Errorf("there is a schema %q", unknown)
		}
	}
}

func TestSchema_joinsTheDescriptions(t *testing.T) {
	text, _ := schemas.Schema(schemas.KindRequest, "uservalidatecode")
	if want := `"description": "用户手机号 (§9.1.1). 11 digits (§9.1)."`; !bytes.Contains(text, []byte(want)) {
		t.Errorf("no %s in\n%s", want, text)
	}
}

func TestVolatile_areTokensIDsTimesAndSealedValues(t *testing.T) {
	want := map[string][]string{
		"userlogin":          {"/data/token"},
		"usersigin":          {"/data/token"},
		"orderhistory":       {"/data/*/entranceTime", "/data/*/exitTime", "/data/*/orderId"},
		"orderunpay":         {"/data/*/entranceTime", "/data/*/exitTime", "/data/*/orderId", "/data/*/verificationInfo"},
		"orderpaid":          {"/data/externalOrderId", "/data/orderId", "/data/payOrderId", "/data/payTime"},
		"surroundingparking": {"/data/scrollId"},
		"parkingstatus":      {"/data/time"},
	}
	for _, e := range schemas.Endpoints() {
		if got := schemas.Volatile(e.Name); !slices.Equal(got, want[e.Name]) {
			t.Errorf("Volatile(%q) = %q, want %q", e.Name, got, want[e.Name])
		}
	}
	if got := schemas.Volatile("x"); got != nil {
		t.Errorf("an unknown endpoint has %q", got)
	}
	for kind, want := range map[string][]string{
		schemas.PushEntry:                {"/entranceTime", "/pushTime", "/signment", "/synId"},
		schemas.PushExit:                 {"/entranceTime", "/exitTime", "/pushTime", "/signment", "/stayedTime", "/synId"},
		schemas.PushUnbind:               {"/signment", "/time"},
		schemas.PushCertificationInvalid: {"/signment", "/time"},
	} {
		if got := schemas.VolatilePush(kind); !slices.Equal(got, want) {
			t.Errorf("VolatilePush(%q) = %q, want %q", kind, got, want)
		}
	}
}

func TestValidate_isSafeForMany(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := schemas.ValidateRequest("carnum", []byte(`{"token":"x"}`)); err != nil {
				t.Error(err)
			}
			if err := schemas.ValidateAnswer("carnum", []byte(`{"code":0}`)); err == nil {
				t.Error("takes an answer without data")
			}
		})
	}
	all.Wait()
}

func TestIsAmount_areTheFieldsInYuan(t *testing.T) {
	for _, field := range []string{"payment", "actual", "parkingFee", "remainingFee", "receivableFee"} {
		if !schemas.IsAmount(field) {
			t.Errorf("%s is an amount", field)
		}
	}
	for _, field := range []string{"orderId", "plateColor", "remainingDays", "appId", ""} {
		if schemas.IsAmount(field) {
			t.Errorf("%s is no amount", field)
		}
	}
	for _, e := range schemas.Endpoints() {
		for _, p := range e.Params {
			if schemas.IsAmount(p.Name) != (p.Form == schemas.FormPayment) {
				t.Errorf("%s %s: the form is %s, and IsAmount says %v", e.Name, p.Name, p.Form, schemas.IsAmount(p.Name))
			}
		}
	}
}

package schemas_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// wantProblems checks the problems of a violation, each as "pointer: detail";
// none means that the text is to be valid.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	var violation *schemas.ValidationError
	if err != nil && !errors.As(err, &violation) {
		t.Fatalf("want a ValidationError, got %v", err)
	}
	var got []string
	if violation != nil {
		for _, p := range violation.Problems {
			got = append(got, p.Pointer+": "+p.Detail)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems:\n got %s\nwant %s", strings.Join(got, " | "), strings.Join(want, " | "))
	}
}

func TestValidateRequest_surroundingParkingTakesCoordinatesOrCityOrScroll(t *testing.T) {
	for _, row := range []struct {
		data string
		want []string
	}{
		{`{"lat":"39.8","lon":"116.4","radius":"500"}`, nil},
		{`{"city":"北京市"}`, nil},
		{`{"city":"北京市","lat":"","lon":null,"radius":""}`, nil},
		{`{"lat":"39.8","lon":"116.4","radius":"500","city":"北京市"}`, nil}, // §9.10.2 does it
		{`{"scrollId":"x"}`, nil},
		{`{"scrollId":"x","lat":"39.8"}`, nil}, // ignored
		{`{"scrollId":"","city":"北京市"}`, nil},  // §9.10.2: empty at first
		{`{}`, []string{`: "city" is missing`}},
		{`{"scrollId":null,"payType":"1"}`, []string{`: "city" is missing`}},
		{`{"city":""}`, []string{`/city: "" counts as absent`}},
		{`{"radius":"500","city":"北京市"}`, []string{`: "lat" is missing`, `: "lon" is missing`}},
		{`{"lat":"39.8","city":"北京市"}`, []string{`: "lon" is missing`, `: "radius" is missing`}},
		{`{"lon":"116.4","lat":null,"radius":""}`, []string{`/lat: null counts as absent`, `/radius: "" counts as absent`}},
	} {
		t.Run(row.data, func(t *testing.T) {
			wantProblems(t, schemas.ValidateRequest("surroundingparking", []byte(row.data)), row.want...)
		})
	}
}

func TestValidateRequest_takesAbsentOptionalsAndUnknownFields(t *testing.T) {
	for endpoint, data := range map[string]string{
		"usersigin":  `{"mobilePhone":"13800000001","appId":"ETCP","carNumber":""}`,
		"bindcar":    `{"token":"x","plateNumber":"渝B757D0","plateColor":null}`,
		"orderunpay": `{"token":"x","plateNumber":"渝B757D0","appId":null}`,
		"carnum":     `{"token":"x","unknown":[1]}`,
	} {
		wantProblems(t, schemas.ValidateRequest(endpoint, []byte(data)))
	}
}

func TestValidateAnswer_judgesAFailureByTheEnvelopeAndTheCodesOfTheTable(t *testing.T) {
	for _, row := range []struct {
		body string
		want []string
	}{
		{`{"code":4,"message":"签名校验非法"}`, nil},
		{`{"code":20804,"message":"anything a rule sets"}`, nil},
		{`{"code":9,"message":"x"}`, []string{`/code: 9 is no code of §11`}},
		{`{"code":"4","message":"x"}`, []string{`/code: "4" is no code of §11`}},
		{`{"code":"0","message":"ok"}`, []string{`/code: "0" is no code of §11`}},
		{`{"code":4}`, []string{`: "message" is missing`}},
		{`{"message":"x"}`, []string{`: "code" is missing`}},
		{`{"code":4,"message":""}`, []string{`/message: "" is no message`}},
		{`{"code":4,"message":"x","data":{}}`, []string{`/data: not allowed`}},
		{`{"code":4,"message":"x","data":null}`, []string{`/data: expected object or array, but got null`, `/data: not allowed`}},
		{`{"code":4,"message":"x","reason":"y"}`, []string{`/reason: is a field the document does not know`}},
		{`[]`, []string{`: expected object, but got array`}},
		{`{"code":0,"message":"ok"}`, []string{`: "data" is missing`}},
		{`{"code":0.0,"message":"ok"}`, []string{`: "data" is missing`}},
	} {
		t.Run(row.body, func(t *testing.T) {
			wantProblems(t, schemas.ValidateAnswer("carnum", []byte(row.body)), row.want...)
		})
	}
}

func TestValidatePush_emptiesTheLongTermFieldsOfATemporaryUser(t *testing.T) {
	push := func(rest string) []byte {
		return []byte(`{"synId":"4EBD80FF-CFCF-462A-94CB-727E9FA9547C","plateNumber":"渝****61","parkName":"x","parkId":"1002559",` +
			`"entranceTime":"2017-08-20 12:59:54","signment":"ECE8221EDACD186360B31CEE18C643C8",` + rest + `}`)
	}
	for rest, want := range map[string][]string{
		`"userType":"77","fixParkingId":"","remainingDays":""`:     nil,
		`"userType":"76","fixParkingId":"","remainingDays":""`:     nil,
		`"fixParkingId":"U7","remainingDays":"11"`:                 nil, // userType is 非必须
		`"userType":"77","fixParkingId":"U7","remainingDays":"11"`: {`/fixParkingId: value must be ""`, `/remainingDays: value must be ""`},
	} {
		wantProblems(t, schemas.ValidatePush("entry", push(rest)), want...)
	}
}

// A public merchant's log of 2019 shows these types.
func TestValidatePush_takesWhatWasSeenInTheWild(t *testing.T) {
	for fee, want := range map[string][]string{
		`"0.0"`: nil, `5.5`: nil, `5`: nil,
		`"-1"`:  {`/receivableFee: "-1" is no fee`},
		`5.555`: {`/receivableFee: 5.555 not multipleOf 0.01`},
	} {
		body := `{"synId":"4EBD80FF-CFCF-462A-94CB-727E9FA9547C","plateNumber":"渝****61","parkName":"x","parkId":"1002559",` +
			`"entranceTime":"2017-08-20 12:59:54","exitTime":"2017-08-20 13:02:33","stayedTime":159,"receivableFee":` + fee +
			`,"userType":"77","fixParkingId":"","remainingDays":"","signment":"ECE8221EDACD186360B31CEE18C643C8"}`
		wantProblems(t, schemas.ValidatePush("exit", []byte(body)), want...)
	}
}

func TestValidatePushAnswer(t *testing.T) {
	for body, want := range map[string][]string{
		`{"code":0,"message":"ok"}`:             nil,
		`{"code":1,"message":"no"}`:             nil,
		`{"code":0,"message":"ok","data":null}`: nil,
		`{"code":"0","message":"ok"}`:           {`/code: expected integer, but got string`},
		`{"code":0}`:                            {`: "message" is missing`},
		`{"message":"ok"}`:                      {`: "code" is missing`},
		`{"code":0,"message":null}`:             {`/message: expected string, but got null`},
		`"ok"`:                                  {`: expected object, but got string`},
	} {
		wantProblems(t, schemas.ValidatePushAnswer([]byte(body)), want...)
	}
}

func TestValidate_textThatIsNoJSON(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     ": is not JSON: it ends too early",
		`{"token":`:                            ": is not JSON: it ends too early",
		`{"token":"x"} {}`:                     ": is not JSON: something follows the value",
		`{"token":"x"}x`:                       ": is not JSON: something follows the value",
		`{token:1}`:                            ": is not JSON: invalid character 't' looking for beginning of object key string",
		"{\"token\":\"\xff\"}":                 ": is not valid UTF-8",
		`{"token":"x","n":1e1000001}`:          ": has a number out of all bounds",
		`{"token":"x","n":[{"n":-1E-999999}]}`: ": has a number out of all bounds",
		`{"token":"x","n":` + strings.Repeat("9", 1001) + `}`: ": has a number out of all bounds",
	} {
		wantProblems(t, schemas.ValidateRequest("carnum", []byte(text)), want)
	}
}

func TestValidate_unknownNames(t *testing.T) {
	for _, err := range []error{
		schemas.ValidateRequest("usersignin", nil),
		schemas.ValidateRequest("", nil),
		schemas.ValidateAnswer("../envelope", []byte(`{"code":1,"message":"x"}`)),
		schemas.ValidatePush("entrance", nil),
	} {
		if !errors.Is(err, schemas.ErrUnknownSchema) {
			t.Errorf("want ErrUnknownSchema, got %v", err)
		}
	}
}

func TestValidationError_saysEverything(t *testing.T) {
	err := schemas.ValidateRequest("userlogin", []byte(`{"mobilePhone":"1380","code":5}`))
	const want = `request/userlogin: (root): "appId" is missing; /code: expected string, but got number; ` +
		`/mobilePhone: "1380" is no mobile phone number`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	var violation *schemas.ValidationError
	if !errors.As(err, &violation) || violation.Problems[2].SchemaPointer != "/properties/mobilePhone/pattern" {
		t.Errorf("got %+v", violation)
	}
}

func TestProblem_pointsIntoTheTextAsItIs(t *testing.T) {
	body := `{"code":0,"message":"ok","data":{"number":0,"a/b~%渝":1}}`
	wantProblems(t, schemas.ValidateAnswer("carnum", []byte(body)), "/data/a~1b~0%渝: is a field the document does not know")
}

func FuzzValidate(f *testing.F) {
	for _, text := range documentExamples(f) {
		f.Add(text)
	}
	f.Add([]byte(`{"payment":8e400,"radius":1e1000001}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, e := range schemas.Endpoints() {
			wantSound(t, schemas.ValidateRequest(e.Name, text))
			wantSound(t, schemas.ValidateAnswer(e.Name, text))
		}
		for _, p := range schemas.Pushes() {
			wantSound(t, schemas.ValidatePush(p.Kind, text))
		}
		wantSound(t, schemas.ValidatePushAnswer(text))
	})
}

// wantSound checks that an error is a violation with a problem to show.
func wantSound(t *testing.T, err error) {
	t.Helper()
	var violation *schemas.ValidationError
	if err != nil && (!errors.As(err, &violation) || len(violation.Problems) == 0) {
		t.Fatalf("unsound error: %v", err)
	}
}

// Whoever judges a platform that has grown takes fields that the document does not know, and lists them; data where none belongs is none
// of them.
func TestValidatePlatform(t *testing.T) {
	for body, want := range map[string]struct {
		unknown string
		left    string // of the judgement
	}{
		`{"code":0,"data":{"number":1},"message":"ok","traceId":"x"}`: {"/traceId", ""},
		`{"code":0,"data":{"number":1,"a/b":[]},"message":"ok"}`:      {"/data/a~1b", ""},
		`{"code":0,"data":{"number":"1","x":0},"message":"ok"}`:       {"/data/x", "answer/carnum: /data/number: expected integer, but got string"},
		`{"code":20101,"data":{},"message":"x"}`:                      {"", "envelope: /data: not allowed"},
	} {
		unknown, err := schemas.ValidatePlatform("carnum", []byte(body))
		if got := strings.Join(unknown, " "); got != want.unknown {
			t.Errorf("%s: unknown %s, want %s", body, got, want.unknown)
		}
		if got := fmt.Sprint(err); err != nil && got != want.left || err == nil && want.left != "" {
			t.Errorf("%s: %v, want %q", body, err, want.left)
		}
	}
	if _, err := schemas.ValidatePlatform("nothing", []byte(`{}`)); !errors.Is(err, schemas.ErrUnknownSchema) {
		t.Error(err)
	}
}

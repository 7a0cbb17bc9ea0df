package platform

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// rig is a state and its time, driven as the sandbox drives it.
type rig struct {
	t   *testing.T
	w   *State
	now time.Time
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := notation.ParseTime(text)
	require.NoError(t, err)
	return parsed
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: at(t, "2017-08-20 12:00:00")}
	r.w = New(7, r.now)
	for _, no := range []string{"M1", "M2"} {
		r.do(PutMerchant{Merchant{No: no, Key: "key-" + no, Push: &Hook{URL: "http://127.0.0.1/" + no}}})
	}
	r.park("1", tariff.Tariff{FreeMinutes: 15, UnitMinutes: 60, UnitPrice: 500})
	return r
}

func (r *rig) park(id string, price tariff.Tariff) {
	r.do(PutParking{Parking: Parking{ID: id, Name: "ETCP 智慧停车场", City: "重庆市", Lat: "29.563", Lon: "106.551", ParkingType: "8", ElectronicPayment: true, TotalSpace: 5, Tariff: price}})
}

func (r *rig) do(c Command) Result {
	r.t.Helper()
	result := r.w.Apply(r.now, c)
	require.Nil(r.t, result.Err)
	return result
}

func (r *rig) rules(set map[string]any) { r.t.Helper(); r.do(SetRules{set}) }

func (r *rig) pass(d time.Duration) { r.now = r.now.Add(d) }

// call sends data, given as pairs, as merchant M1.
func (r *rig) call(endpoint string, pairs ...string) Result {
	r.t.Helper()
	return r.callAs("M1", endpoint, pairs...)
}

func (r *rig) callAs(merchant, endpoint string, pairs ...string) Result {
	r.t.Helper()
	data := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	text, err := json.Marshal(data)
	require.NoError(r.t, err)
	return r.callRaw(merchant, endpoint, string(text))
}

func (r *rig) callRaw(merchant, endpoint, data string) Result {
	r.t.Helper()
	row, ok := schemas.Lookup(endpoint)
	require.True(r.t, ok, endpoint)
	in, lints, refusal := params.Decode(row, data)
	if refusal != nil {
		return Result{Answer: Answer{Code: refusal.Code, Refusal: refusal, Lints: lints}}
	}
	result := r.w.Call(r.now, merchant, &in)
	result.Answer.Lints = lints
	return result
}

func (r *rig) token(merchant, phone string) string {
	r.t.Helper()
	result := r.callAs(merchant, "usersigin", "mobilePhone", phone, "appId", "ETCP")
	require.Zero(r.t, result.Answer.Code)
	return result.Answer.Data.(TokenData).Token
}

func (r *rig) code(want int, result Result) Result {
	r.t.Helper()
	why := ""
	if result.Answer.Refusal != nil {
		why = result.Answer.Refusal.Explain("en")
		require.NotContains(r.t, why, "{", "every value of the explanation is given")
		require.NotContains(r.t, result.Answer.Refusal.Explain("zh"), "{")
	}
	require.Equal(r.t, want, result.Answer.Code, why)
	return result
}

const (
	alice = "13800000001"
	bob   = "13900000002"
	car   = "渝ATX061"
)

// §9.1: 1 分钟之内不允许重复获取验证码; the second is allowed at 60 s.
func TestUserValidateCode_onceAMinute(t *testing.T) {
	r := newRig(t)
	r.code(0, r.call("uservalidatecode", "mobilePhone", alice))
	first, _ := r.w.SMS(alice)
	require.Len(t, first.Code, 6)
	r.pass(60*time.Second - 1)
	r.code(20202, r.callAs("M2", "uservalidatecode", "mobilePhone", alice)) // merchants share phones
	r.code(0, r.call("uservalidatecode", "mobilePhone", bob))
	r.pass(1)
	r.code(0, r.call("uservalidatecode", "mobilePhone", alice))
	second, _ := r.w.SMS(alice)
	require.NotEqual(t, first.Code, second.Code)
	r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", first.Code, "appId", "A"))
	r.code(0, r.call("userlogin", "mobilePhone", alice, "code", second.Code, "appId", "A"))
	r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", second.Code, "appId", "A")) // used up
}

// §9.2: a code is void at 5 minutes.
func TestUserLogin_codeEndsAtItsLength(t *testing.T) {
	r := newRig(t)
	r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", "000000", "appId", "A"))
	r.call("uservalidatecode", "mobilePhone", alice)
	sms, _ := r.w.SMS(alice)
	r.pass(5 * time.Minute)
	r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", sms.Code, "appId", "A"))
	r.pass(-1)
	r.code(0, r.call("userlogin", "mobilePhone", alice, "code", sms.Code, "appId", "A"))
}

// §9.3: a token lasts a day; the newest of (merchant, appId, phone) counts.
func TestToken_newestOfItsUserForADay(t *testing.T) {
	r := newRig(t)
	old := r.token("M1", alice)
	other := r.token("M2", alice)
	r.code(20101, r.callAs("M2", "carnum", "token", old))
	token := r.token("M1", alice)
	r.code(20101, r.call("carnum", "token", old))
	r.code(20101, r.call("carnum", "token", "nonsense"))
	r.code(0, r.callAs("M2", "carnum", "token", other))
	r.pass(24*time.Hour - 1)
	r.code(0, r.call("carnum", "token", token))
	r.pass(1)
	r.code(20101, r.call("carnum", "token", token))
}

func plateNo(i int) string { return "渝A0000" + strconv.Itoa(i) }

// §9.4: three vehicles at once, four different ones a month, one phone a vehicle.
func TestBindCar_limits(t *testing.T) {
	r := newRig(t)
	token := r.token("M1", alice)
	bind := func(want int, plate string, more ...string) {
		t.Helper()
		r.code(want, r.call("bindcar", append([]string{"token", token, "plateNumber", plate}, more...)...))
	}
	bind(0, car)
	bind(0, car) // bound by this phone already
	r.code(20802, r.callAs("M2", "bindcar", "token", r.token("M2", bob), "plateNumber", car))
	bind(0, car, "plateColor", "2") // another vehicle
	bind(0, plateNo(3))
	bind(20803, plateNo(4))
	r.code(0, r.call("unbindcar", "token", token, "plateNumber", plateNo(3)))
	bind(0, plateNo(4))
	r.code(0, r.call("unbindcar", "token", token, "plateNumber", plateNo(4)))
	bind(20804, plateNo(5))
	bind(0, plateNo(3)) // counted already this month
	require.Equal(t, NumberData{3}, r.code(0, r.call("carnum", "token", token)).Answer.Data)
	require.Equal(t, 4, r.w.User(alice, r.now).BoundThisMonth)
}

// bind.month: rolling — after now minus one month; 31 March minus a month is
// the last of February.
func TestBindCar_rollingMonth(t *testing.T) {
	r := newRig(t)
	r.rules(map[string]any{"bind.max": 10.0})
	r.now = at(t, "2018-02-28 10:00:00")
	token := r.token("M1", alice)
	for i := range 4 {
		r.code(0, r.call("bindcar", "token", token, "plateNumber", plateNo(i)))
	}
	r.now = at(t, "2018-03-31 09:59:59")
	token = r.token("M1", alice)
	r.code(20804, r.call("bindcar", "token", token, "plateNumber", plateNo(4)))
	r.pass(time.Second)
	r.code(0, r.call("bindcar", "token", token, "plateNumber", plateNo(4)))
	r.rules(map[string]any{"bind.month": "calendar"})
	require.Equal(t, 1, r.w.User(alice, r.now).BoundThisMonth)
}

// body is a push as it goes out.
func (r *rig) body(p Push) string { return r.w.Encode(&p, false).Body }

func kinds(pushes []Push) (all []string) {
	for _, p := range pushes {
		all = append(all, p.MerchantNo+" "+p.Kind)
	}
	return all
}

// §9.5, §10.3: unbinding tells every related merchant and the caller.
func TestUnbindCar_tellsTheRelated(t *testing.T) {
	r := newRig(t)
	one, two := r.token("M1", alice), r.token("M2", alice)
	r.code(20100, r.call("unbindcar", "token", one, "plateNumber", car))
	r.code(0, r.call("bindcar", "token", one, "plateNumber", car))
	result := r.code(0, r.callAs("M2", "unbindcar", "token", two, "plateNumber", car))
	require.Equal(t, []string{"M1 unbind", "M2 unbind"}, kinds(result.Pushes))
	require.Contains(t, r.body(result.Pushes[0]), `"plateNumber":"`+car+`"`)
	r.code(20100, r.call("unbindcar", "token", one, "plateNumber", car))
}

const vin, engine = "LVSHBFDC7RF414158", "DA01991"

func (r *rig) retrieve(merchant, token, plate string) Result {
	return r.callAs(merchant, "carretrieve", "token", token, "plateNumber", plate, "carFrameNum", vin, "carEngineNum", engine)
}

// §9.9, §10.4: certification makes pushes real for one merchant and ends it for another.
func TestCarRetrieve_certifiesForOneMerchant(t *testing.T) {
	r := newRig(t)
	one, two := r.token("M1", alice), r.token("M2", alice)
	require.Empty(t, r.code(0, r.retrieve("M1", one, car)).Pushes)
	enter := r.do(Enter{Vehicle: notation.Vehicle{Plate: car, Color: "1"}, ParkingID: "1"})
	require.Contains(t, r.body(enter.Pushes[0]), car)
	result := r.code(0, r.retrieve("M2", two, car))
	require.Equal(t, []string{"M1 certification-invalid"}, kinds(result.Pushes))
	exit := r.do(Exit{Vehicle: notation.Vehicle{Plate: car, Color: "1"}})
	require.Equal(t, []string{"M1 exit", "M2 exit"}, kinds(exit.Pushes))
	require.Contains(t, r.body(exit.Pushes[0]), `"渝****61"`)
	require.Contains(t, r.body(exit.Pushes[1]), car)
}

// §9.9 找回: another phone's vehicle moves; §10.4 goes out before §10.3.
func TestCarRetrieve_takesOver(t *testing.T) {
	r := newRig(t)
	r.code(0, r.retrieve("M1", r.token("M1", alice), car))
	result := r.code(0, r.retrieve("M2", r.token("M2", bob), car))
	require.Equal(t, []string{"M1 certification-invalid", "M1 unbind"}, kinds(result.Pushes))
	require.Empty(t, r.w.User(alice, r.now).Bindings)
	require.Equal(t, "M2", r.w.User(bob, r.now).Bindings[0].CertifiedFor)
	r.rules(map[string]any{"retrieve.takes_over": false})
	r.code(20802, r.retrieve("M1", r.token("M1", alice), car))
}

// §9.9: what the registry knows must agree.
func TestCarRetrieve_registry(t *testing.T) {
	r := newRig(t)
	token := r.token("M1", alice)
	r.do(PutVehicle{notation.Vehicle{Plate: car, Color: "1"}, Registered{VIN: vin, Engine: "OTHER"}})
	r.code(20100, r.retrieve("M1", token, car))
	r.do(PutVehicle{notation.Vehicle{Plate: car, Color: "1"}, Registered{VIN: "LVSHBFDC7RF414159", Engine: engine}})
	r.code(20100, r.retrieve("M1", token, car))
	r.rules(map[string]any{"retrieve.registry": "closed"})
	r.code(20100, r.retrieve("M1", token, plateNo(1)))
}

// appId, externalOrderId and code are kept: 64 characters of any kind pass, 65 do not.
func TestDecode_keptTextHasALimit(t *testing.T) {
	r := newRig(t)
	for _, character := range []string{"x", "渠", "🅿"} {
		fits, not := strings.Repeat(character, 64), strings.Repeat(character, 65)
		r.code(0, r.call("usersigin", "mobilePhone", alice, "appId", fits))
		result := r.code(6, r.call("usersigin", "mobilePhone", alice, "appId", not))
		require.Equal(t, "too-long: appId", result.Answer.Refusal.Word())
		r.code(20203, r.call("userlogin", "mobilePhone", alice, "code", fits, "appId", "A"))
		result = r.code(6, r.call("userlogin", "mobilePhone", alice, "code", not, "appId", "A"))
		require.Equal(t, "too-long: code", result.Answer.Refusal.Word())
		pairs := []string{"token", "x", "orderId", "x", "payment", "1", "payTime", "2017-08-20 12:00:00", "verificationInfo", "x"}
		r.code(20101, r.call("orderpaid", append(pairs, "externalOrderId", fits)...))
		result = r.code(6, r.call("orderpaid", append(pairs, "externalOrderId", not)...))
		require.Equal(t, "too-long: externalOrderId", result.Answer.Refusal.Word())
	}
}

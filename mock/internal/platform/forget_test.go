package platform

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

func phoneOf(i int) string { return strconv.Itoa(15_000_000_000 + i) }

// A flood of phones that ask for codes has the oldest codes forgotten; the newest stay, and so does the state through a snapshot.
func TestUserValidateCode_floodForgetsTheOldest(t *testing.T) {
	r := newRig(t)
	r.w.inhabit()
	for i := range maxCodes {
		r.w.sms[phoneOf(i)] = smsCode{Code: "123456", SentAt: r.now.Add(time.Duration(i) * time.Millisecond)}
	}
	r.pass(maxCodes * time.Millisecond)
	r.code(0, r.call("uservalidatecode", "mobilePhone", alice))
	require.Len(t, r.w.sms, maxCodes-maxCodes/10)
	for phone, kept := range map[string]bool{alice: true, phoneOf(0): false, phoneOf(maxCodes / 10): false, phoneOf(maxCodes/10 + 1): true, phoneOf(maxCodes - 1): true} {
		_, known := r.w.SMS(phone)
		require.Equal(t, kept, known, phone)
	}
	again, err := FromSnapshot(r.w.Snapshot())
	require.NoError(t, err)
	require.Equal(t, r.w.sms, again.sms)
	r.code(20203, r.call("userlogin", "mobilePhone", phoneOf(0), "code", "123456", "appId", "A"))
	r.code(0, r.call("userlogin", "mobilePhone", phoneOf(maxCodes-1), "code", "123456", "appId", "A"))
}

// Of very many users those are forgotten who have nothing bound and whose history counts for no month; the others keep their limits.
func TestBindCar_floodForgetsWhoHasNothing(t *testing.T) {
	r := newRig(t)
	token := r.token("M1", alice)
	r.code(0, r.call("bindcar", "token", token, "plateNumber", car))
	r.code(0, r.call("unbindcar", "token", token, "plateNumber", car))
	v := notation.Vehicle{Plate: car, Color: notation.DefaultPlateColor}
	for i := range maxIdlers - 2 {
		r.w.users[phoneOf(i)] = &user{History: []bindEvent{{v, r.now.Add(-historyReach - 1)}}}
	}
	r.token("M1", bob)
	r.code(0, r.call("bindcar", "token", r.token("M1", bob), "plateNumber", "渝B12345"))
	require.Len(t, r.w.users, 2)
	require.Equal(t, 1, r.w.User(alice, r.now).BoundThisMonth)
	require.Len(t, r.w.User(bob, r.now).Bindings, 1)
}

package platform

import (
	"crypto/subtle"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// sendCode is uservalidatecode (§9.1): a second request within sms.interval is
// 20202; a newer code voids the older. Merchants of one sandbox share phones.
func (w *State) sendCode(now time.Time, _ caller, in *params.Input) outcome {
	phone := in.Get("mobilePhone")
	if old, ok := w.sms[phone]; ok {
		if age := now.Sub(old.SentAt); age < w.rules.SMSInterval {
			return refuse(reasons.Refuse("sms-too-soon").With("phone", phone).With("since", notation.FormatTime(old.SentAt)).
				With("age", duration.Prose(age)).With("interval", duration.Prose(w.rules.SMSInterval)))
		}
	}
	w.sms[phone] = smsCode{Code: w.number(6), SentAt: now}
	w.copying.sms.touch(phone)
	w.forgetCodes()
	return outcome{}
}

// TokenData is the data of userlogin and usersigin.
type TokenData struct {
	Token string `json:"token"`
}

// login is userlogin (§9.2): a wrong, expired, used or never sent code is 20203.
func (w *State) login(now time.Time, who caller, in *params.Input) outcome {
	phone, given := in.Get("mobilePhone"), in.Get("code")
	sent, ok := w.sms[phone]
	since := notation.FormatTime(sent.SentAt)
	switch {
	case !ok:
		return refuse(reasons.Refuse("sms-never-sent").With("phone", phone))
	case subtle.ConstantTimeCompare([]byte(given), []byte(sent.Code)) != 1:
		return refuse(reasons.Refuse("sms-code-wrong").With("phone", phone).With("given", excerpt.Given(given)).With("since", since).
			Found(inspect.Code(given, sent.Code)))
	case sent.Used:
		return refuse(reasons.Refuse("sms-code-used").With("phone", phone).With("since", since))
	case now.Sub(sent.SentAt) >= w.rules.SMSTTL:
		return refuse(reasons.Refuse("sms-code-expired").With("phone", phone).With("since", since).
			With("age", duration.Prose(now.Sub(sent.SentAt))).With("ttl", duration.Prose(w.rules.SMSTTL)))
	}
	text := w.uuid()
	sent.Used = true
	w.sms[phone] = sent
	w.copying.sms.touch(phone)
	return outcome{data: w.giveToken(text, tokens.Holder{Merchant: who.merchant, App: in.Get("appId"), Phone: phone}, now)}
}

// signIn is usersigin (§9.3). Its carNumber is bound only under the rule
// signin.binds_car; where that fails, binding's code answers and no token is given.
func (w *State) signIn(now time.Time, who caller, in *params.Input) outcome {
	who.phone = in.Get("mobilePhone")
	plate := in.Get("carNumber")
	binds := plate != "" && w.rules.SigninBindsCar
	if binds {
		if refusal := w.mayBind(now, who, notation.Vehicle{Plate: plate, Color: notation.DefaultPlateColor}); refusal != nil {
			return refuse(refusal)
		}
	}
	text := w.uuid()
	if binds {
		w.bind(now, who, notation.Vehicle{Plate: plate, Color: notation.DefaultPlateColor})
	}
	return outcome{data: w.giveToken(text, tokens.Holder{Merchant: who.merchant, App: in.Get("appId"), Phone: who.phone}, now)}
}

// giveToken makes a text the newest token of a (merchant, appId, phone), which
// voids the earlier one whichever endpoint gave it (§9.3).
func (w *State) giveToken(text string, holder tokens.Holder, now time.Time) TokenData {
	w.tokens.Add(text, holder, now)
	w.tokens.ForgetOldest(w.rules.TokensKeep)
	return TokenData{text}
}

// holder is check 10: the token is known, this merchant's, the newest of its
// user and not expired, else 20101. A lifetime ends at its length.
func (w *State) holder(merchant, text string, now time.Time) (phone string, _ *reasons.Refusal) {
	t, known, next, voided := w.tokens.Find(text)
	if !known {
		return "", w.refuseToken(text)
	}
	h, at := t.Holder(), t.At()
	if h.Merchant != merchant {
		return "", reasons.Refuse("token-of-other-merchant").With("owner", h.Merchant).With("caller", merchant)
	}
	if voided {
		return "", reasons.Refuse("token-superseded").With("phone", h.Phone).With("since", notation.FormatTime(at)).With("by", notation.FormatTime(next.At()))
	}
	if age := now.Sub(at); age >= w.rules.TokenTTL {
		return "", reasons.Refuse("token-expired").With("since", notation.FormatTime(at)).With("age", duration.Prose(age)).With("ttl", duration.Prose(w.rules.TokenTTL))
	}
	return h.Phone, nil
}

// SMS is a phone's latest code, for the control API.
type SMS struct {
	Code              string
	SentAt, ExpiresAt time.Time
	Used              bool
}

// SMS is the latest code sent to a phone.
func (w *State) SMS(phone string) (SMS, bool) {
	s, ok := w.sms[phone]
	return SMS{Code: s.Code, SentAt: s.SentAt, ExpiresAt: s.SentAt.Add(w.rules.SMSTTL), Used: s.Used}, ok
}

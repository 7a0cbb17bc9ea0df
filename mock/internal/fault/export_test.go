package fault

// Effect is the documentation of an effect: its name, what it is for, and what it does, in English and Chinese.
type Effect struct {
	Name             string
	Requests, Pushes bool
	En, Zh           string
}

// Effects lists all that a fault can do.
func Effects() []Effect {
	all := make([]Effect, len(effects()))
	for i, e := range effects() {
		all[i] = Effect{e.name, e.request != nil, e.push != nil, e.en, e.zh}
	}
	return all
}

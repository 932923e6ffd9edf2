package gate

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"
)

// message is one of Jupyter's messages. What it has no field for stays in the
// raw parts.
type message struct {
	route   [][]byte // where it came from and where the answer goes
	header  header
	parent  header
	meta    json.RawMessage
	content json.RawMessage
	buffers [][]byte
	rawHead [2]json.RawMessage // header and parent as they came
}

// header says what a message is.
type header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

var delimiter = []byte("<IDS|MSG>")

// wire signs and reads messages.
type wire struct{ key []byte }

var errMessage = errors.New("a message that is none of Jupyter's")

func (w wire) sign(parts [][]byte) []byte {
	if len(w.key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, w.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

// decode reads a message and checks its signature.
func (w wire) decode(frames [][]byte) (m message, err error) {
	i := 0
	for i < len(frames) && !bytes.Equal(frames[i], delimiter) {
		i++
	}
	if len(frames) < i+6 {
		return m, errMessage
	}
	parts := frames[i+2 : i+6]
	if len(w.key) > 0 && !hmac.Equal(w.sign(parts), frames[i+1]) {
		return m, errors.New("a message with a wrong signature")
	}
	m = message{route: frames[:i], meta: parts[2], content: parts[3], buffers: frames[i+6:], rawHead: [2]json.RawMessage{parts[0], parts[1]}}
	if err := json.Unmarshal(parts[0], &m.header); err != nil {
		return m, errMessage
	}
	if err := json.Unmarshal(parts[1], &m.parent); err != nil {
		return m, errMessage
	}
	return m, nil
}

// encode is the frames of a message.
func (w wire) encode(m message) [][]byte {
	parts := [][]byte{m.rawHead[0], m.rawHead[1], m.meta, m.content}
	frames := append([][]byte{}, m.route...)
	frames = append(frames, delimiter, w.sign(parts))
	frames = append(frames, parts...)
	return append(frames, m.buffers...)
}

// reply makes a message of ours that answers another.
func reply(to message, kind string, content any) message {
	id := make([]byte, 16)
	rand.Read(id)
	head := header{ID: hex.EncodeToString(id), Session: to.header.Session, Username: to.header.Username,
		Date: time.Now().UTC().Format(time.RFC3339Nano), Type: kind, Version: "5.4"}
	m := message{route: to.route, header: head, parent: to.header, meta: json.RawMessage("{}"), content: encodeJSON(content)}
	m.rawHead = [2]json.RawMessage{encodeJSON(head), to.rawHead[0]}
	return m
}

func encodeJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // what we send are maps of texts and numbers
	}
	return b
}

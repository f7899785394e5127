// A page that speaks English, as far as texts are concerned; imported before what says something.

const choice = { value: "en", options: [{ value: "en" }], addEventListener: () => {} };
globalThis.localStorage = { getItem: () => "en", setItem: () => {} };
globalThis.document = { hidden: false, documentElement: {}, getElementById: () => choice };

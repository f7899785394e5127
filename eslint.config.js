// What the linter looks for in the scripts of the pages, in their tests, and in what runs on Node.js beside them.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "bench/.peers/", "build/", "dist/", "docs/_build/", "**/_trial_temp*/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      "default-case-last": "error",
      "dot-notation": "error",
      eqeqeq: ["error", "always"],
      "no-alert": "error",
      "no-console": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-implicit-globals": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unmodified-loop-condition": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-concat": "error",
      "no-useless-rename": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["gameserver/web/static/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["tests/pages/**/*.js"],
    languageOptions: { globals: globals.nodeBuiltin },
  },
  {
    files: ["bench/peers/*.mjs"],
    languageOptions: { globals: globals.nodeBuiltin },
  },
  {
    files: ["tests/consoles/**/*.cjs"],
    languageOptions: { globals: globals.node, sourceType: "commonjs" },
  },
];

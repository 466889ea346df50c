/** What `npm run lint` refuses: faults, leftovers and what reads badly; types are for `npm run types`. */
import js from "@eslint/js";
import globals from "globals";
import ts from "typescript-eslint";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "curly": ["error", "multi-line"],
      "eqeqeq": "error",
      "no-constant-condition": ["error", { checkLoops: false }],
      "no-else-return": "error",
      "no-implicit-globals": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "all" }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "prefer-template": "error",
    },
  },
  {
    files: ["app/**/*.{js,ts,tsx}", "src/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: { "no-restricted-globals": ["error", "event", "name", "status", "length"] },
  },
  {
    files: ["app/**/*.{ts,tsx}"],
    languageOptions: { parser: ts.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    plugins: { "@typescript-eslint": ts.plugin },
    // Names and types are for the compiler; it knows those that types and JSX use.
    rules: {
      "no-undef": "off",
      "no-unused-vars": "off",
      "no-shadow": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "all" }],
      "@typescript-eslint/no-shadow": "error",
    },
  },
  {
    files: ["*.js", "*.mjs", "tests/**/*.{js,mjs}"],
    languageOptions: { globals: globals.node },
  },
];
